import type { Words } from '../templates.ts';

const parcel = '{% if several %}parcel {{nth}} of {{of}}{% else %}your parcel{% endif %}';

export const en: Words = {
  greeting: 'Hello {{customerName}},',
  itemsHere: 'What this is about:',
  carrier: 'Carrier',
  trackingNumber: 'Tracking number',
  expected: 'Expected',
  follow: 'Follow the order',
  help: 'Questions? Write to',
  said: {
    'order.confirmed': {
      subject: 'Order {{orderNumber}} is confirmed',
      headline: 'Order {{orderNumber}} is confirmed',
      body: 'Thank you for your order. We write again as soon as a carrier has it. If it comes in several parcels, one page shows them all.',
    },
    'order.delayed': {
      subject: 'Order {{orderNumber}} takes longer',
      headline: 'Order {{orderNumber}} takes longer than we said',
      body: 'It is late and we are sorry. Nothing is lost, and you need not do anything; the page below always shows where it is.',
    },
    'order.cancelled': {
      subject: 'Order {{orderNumber}} is cancelled',
      headline: 'Order {{orderNumber}} is cancelled',
      body: 'Nothing more will be sent. What you paid for it comes back the way you paid.',
    },
    'line.backordered': {
      subject: 'Order {{orderNumber}}: part of it comes later',
      headline: 'Part of order {{orderNumber}} comes later',
      body: 'What is listed here is not in stock right now and is sent as soon as it is. Everything else goes ahead.',
    },
    'parcel.shipped': {
      subject: `Order {{orderNumber}}: ${parcel} is on its way`,
      headline: `On its way: ${parcel}`,
      body: 'The carrier has it.',
    },
    'parcel.out_for_delivery': {
      subject: `Order {{orderNumber}}: ${parcel} comes today`,
      headline: `Out for delivery: ${parcel}`,
      body: 'The carrier is bringing it today{% if place != "" %}, from {{place}}{% endif %}.',
    },
    'parcel.attempt_failed': {
      subject: `Order {{orderNumber}}: ${parcel} could not be handed over`,
      headline: `The carrier could not hand over ${parcel}`,
      body: 'Look for a card of the carrier, or follow the parcel with its number: usually they try again on the next working day, or keep it at a pick-up point.',
    },
    'parcel.ready_for_pickup': {
      subject: `Order {{orderNumber}}: ${parcel} is ready to be collected`,
      headline: `Ready to be collected: ${parcel}`,
      body: '{% if place != "" %}It waits in {{place}}. {% endif %}Bring an identity card and the tracking number. Carriers keep parcels for about a week.',
    },
    'parcel.delivered': {
      subject: `Order {{orderNumber}}: ${parcel} was delivered`,
      headline: `Delivered: ${parcel}`,
      body: 'The carrier says that it was handed over. Not with you? Look with neighbours and at the door, and write to us if it does not turn up within a day.',
    },
    'purchase.reminder': {
      subject: 'Reminder: purchase order {{purchaseNumber}}',
      headline: 'Purchase order {{purchaseNumber}} waits for you',
      body: 'We have not heard of this purchase order yet. Confirm it, say what cannot be sent, or send the tracking number: the page below does all three.',
    },
  },
};
