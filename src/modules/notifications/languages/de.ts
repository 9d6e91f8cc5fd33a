import type { Words } from '../templates.ts';

const parcel = '{% if several %}Paket {{nth}} von {{of}}{% else %}Ihr Paket{% endif %}';

export const de: Words = {
  greeting: 'Guten Tag {{customerName}},',
  itemsHere: 'Es geht um:',
  carrier: 'Zusteller',
  trackingNumber: 'Sendungsnummer',
  expected: 'Voraussichtlich',
  follow: 'Bestellung verfolgen',
  help: 'Fragen? Schreiben Sie an',
  said: {
    'order.confirmed': {
      subject: 'Bestellung {{orderNumber}} ist bestätigt',
      headline: 'Bestellung {{orderNumber}} ist bestätigt',
      body: 'Danke für Ihre Bestellung. Wir schreiben wieder, sobald ein Zusteller sie hat. Kommt sie in mehreren Paketen, zeigt eine Seite alle.',
    },
    'order.delayed': {
      subject: 'Bestellung {{orderNumber}} dauert länger',
      headline: 'Bestellung {{orderNumber}} dauert länger als angekündigt',
      body: 'Sie verspätet sich, das tut uns leid. Nichts ist verloren, und Sie müssen nichts tun; die Seite unten zeigt immer, wo sie ist.',
    },
    'order.cancelled': {
      subject: 'Bestellung {{orderNumber}} ist storniert',
      headline: 'Bestellung {{orderNumber}} ist storniert',
      body: 'Es wird nichts mehr verschickt. Was Sie dafür bezahlt haben, kommt auf demselben Weg zurück.',
    },
    'line.backordered': {
      subject: 'Bestellung {{orderNumber}}: ein Teil kommt später',
      headline: 'Ein Teil der Bestellung {{orderNumber}} kommt später',
      body: 'Was hier steht, ist gerade nicht vorrätig und wird verschickt, sobald es da ist. Alles andere geht seinen Weg.',
    },
    'parcel.shipped': {
      subject: `Bestellung {{orderNumber}}: ${parcel} ist unterwegs`,
      headline: `Unterwegs: ${parcel}`,
      body: 'Der Zusteller hat es.',
    },
    'parcel.out_for_delivery': {
      subject: `Bestellung {{orderNumber}}: ${parcel} kommt heute`,
      headline: `In Zustellung: ${parcel}`,
      body: 'Der Zusteller bringt es heute{% if place != "" %}, von {{place}} aus{% endif %}.',
    },
    'parcel.attempt_failed': {
      subject: `Bestellung {{orderNumber}}: ${parcel} konnte nicht übergeben werden`,
      headline: `Nicht übergeben: ${parcel}`,
      body: 'Schauen Sie nach einer Karte des Zustellers, oder verfolgen Sie das Paket mit seiner Nummer: meist wird es am nächsten Werktag wieder versucht oder an einer Abholstelle bereitgelegt.',
    },
    'parcel.ready_for_pickup': {
      subject: `Bestellung {{orderNumber}}: ${parcel} liegt zur Abholung bereit`,
      headline: `Abholbereit: ${parcel}`,
      body: '{% if place != "" %}Es liegt in {{place}}. {% endif %}Bringen Sie einen Ausweis und die Sendungsnummer mit. Pakete liegen etwa eine Woche.',
    },
    'parcel.delivered': {
      subject: `Bestellung {{orderNumber}}: ${parcel} ist zugestellt`,
      headline: `Zugestellt: ${parcel}`,
      body: 'Der Zusteller hat die Übergabe gemeldet. Nicht bei Ihnen? Fragen Sie Nachbarn, schauen Sie an der Tür, und schreiben Sie uns, wenn es nach einem Tag nicht da ist.',
    },
    'purchase.reminder': {
      subject: 'Erinnerung: Bestellung {{purchaseNumber}}',
      headline: 'Bestellung {{purchaseNumber}} wartet auf Sie',
      body: 'Zu dieser Bestellung haben wir noch nichts gehört. Bestätigen Sie sie, nennen Sie, was nicht geht, oder schicken Sie die Sendungsnummer: die Seite unten kann alles drei.',
    },
  },
};
