/** One table for every status that a badge shows: its tone, its glyph and its word. Never colour alone. */
export type Tone = 'neutral' | 'info' | 'ok' | 'wait' | 'risk' | 'crit' | 'new';
/** none begun, half done, full, care, cross refused, bars paused, ask unknown */
export type Glyph = 'none' | 'half' | 'full' | 'care' | 'cross' | 'bars' | 'ask';
export interface Look {
  tone: Tone;
  glyph: Glyph;
  word: string;
}

const look = (tone: Tone, glyph: Glyph, word: string): Look => ({ tone, glyph, word });

const looks: Record<string, Record<string, Look>> = {
  order: {
    awaiting_payment: look('wait', 'none', 'Awaiting payment'),
    on_hold: look('risk', 'bars', 'On hold'),
    routing: look('info', 'none', 'Routing'),
    routed: look('info', 'none', 'Routed'),
    with_supplier: look('info', 'half', 'With supplier'),
    accepted: look('info', 'half', 'Accepted'),
    backordered: look('risk', 'half', 'Backordered'),
    part_shipped: look('info', 'half', 'Part shipped'),
    shipped: look('info', 'full', 'Shipped'),
    out_for_delivery: look('info', 'full', 'Out for delivery'),
    delivered: look('ok', 'full', 'Delivered'),
    part_cancelled: look('neutral', 'half', 'Part cancelled'),
    cancelled: look('neutral', 'full', 'Cancelled'),
    no_supplier: look('crit', 'cross', 'No supplier'),
    needs_review: look('risk', 'care', 'Needs review'),
  },
  transmission: {
    queued: look('info', 'none', 'Queued'),
    sending: look('info', 'half', 'Sending'),
    sent: look('wait', 'half', 'Awaiting reply'),
    unknown: look('crit', 'ask', 'Sent, unconfirmed'),
    failed: look('crit', 'cross', 'Not sent'),
    acknowledged: look('info', 'full', 'Acknowledged'),
    closed: look('ok', 'full', 'Closed'),
    cancelled: look('neutral', 'full', 'Cancelled'),
  },
  response: {
    awaited: look('neutral', 'none', 'No answer yet'),
    accepted: look('ok', 'full', 'Accepted'),
    changed: look('risk', 'care', 'Changed'),
    short: look('risk', 'care', 'Short'),
    backordered: look('risk', 'half', 'Backordered'),
    substituted: look('risk', 'care', 'Substituted'),
    repriced: look('risk', 'care', 'Repriced'),
    rejected: look('crit', 'cross', 'Rejected'),
  },
  fulfilment: {
    none: look('neutral', 'none', 'Not shipped'),
    part_shipped: look('info', 'half', 'Part shipped'),
    shipped: look('info', 'full', 'Shipped'),
    delivered: look('ok', 'full', 'Delivered'),
  },
  parcel: {
    label_created: look('neutral', 'none', 'Label made'),
    picked_up: look('info', 'half', 'Picked up'),
    in_transit: look('info', 'half', 'In transit'),
    out_for_delivery: look('info', 'half', 'Out for delivery'),
    ready_for_pickup: look('wait', 'half', 'Ready for pickup'),
    attempt_failed: look('risk', 'care', 'Attempt failed'),
    exception: look('crit', 'care', 'Exception'),
    returning: look('crit', 'cross', 'Returning'),
    delivered: look('ok', 'full', 'Delivered'),
    returned: look('crit', 'cross', 'Returned'),
    lost: look('crit', 'cross', 'Lost'),
  },
  supplier: {
    prospect: look('neutral', 'none', 'Prospect'),
    sampling: look('info', 'half', 'Sampling'),
    onboarding: look('info', 'half', 'Onboarding'),
    pilot: look('info', 'half', 'Pilot'),
    live: look('ok', 'full', 'Live'),
    watch: look('risk', 'care', 'Watch'),
    paused: look('neutral', 'bars', 'Paused'),
    ended: look('neutral', 'full', 'Ended'),
  },
  channel: {
    connected: look('ok', 'full', 'Healthy'),
    degraded: look('risk', 'care', 'Degraded'),
    paused: look('neutral', 'bars', 'Paused'),
    failing: look('crit', 'cross', 'Failing'),
  },
  offer: {
    live: look('ok', 'full', 'Live'),
    held: look('crit', 'bars', 'Held'),
    vanished: look('neutral', 'cross', 'Not listed'),
  },
  variantProblem: {
    missing: look('risk', 'care', 'Incomplete'),
    gtin_wrong: look('crit', 'cross', 'Wrong GTIN'),
    gtin_twice: look('crit', 'care', 'GTIN twice'),
    mpn_twice: look('risk', 'care', 'MPN twice'),
    title_twice: look('risk', 'care', 'Title twice'),
    below_cost: look('crit', 'cross', 'Below cost'),
    price_odd: look('risk', 'ask', 'Odd price'),
    no_offer: look('neutral', 'none', 'No offer'),
  },
  listing: {
    agreed: look('ok', 'full', 'As told'),
    stale: look('wait', 'none', 'Not told yet'),
    on_its_way: look('info', 'half', 'On its way'),
    refused: look('crit', 'cross', 'Refused'),
    uncounted: look('neutral', 'none', 'Not counted'),
    untold: look('neutral', 'bars', 'Takes files'),
  },
  listingFilter: {
    stale: look('wait', 'none', 'Not told yet'),
    refused: look('crit', 'cross', 'Refused'),
    empty: look('neutral', 'none', 'None to sell'),
  },
  feed: {
    running: look('info', 'half', 'Running'),
    applied: look('ok', 'full', 'Applied'),
    unchanged: look('neutral', 'full', 'No change'),
    held: look('crit', 'bars', 'Held'),
    failed: look('crit', 'cross', 'Failed'),
    cancelled: look('neutral', 'full', 'Cancelled'),
    waiting: look('info', 'none', 'Waiting'),
    stale: look('risk', 'care', 'Stale'),
    none: look('neutral', 'none', 'No file yet'),
  },
  arrival: {
    received: look('info', 'none', 'To read'),
    read: look('ok', 'full', 'Read'),
    refused: look('crit', 'cross', 'Refused'),
  },
  attempt: {
    sending: look('info', 'half', 'Sending'),
    waiting: look('wait', 'half', 'Waiting'),
    unknown: look('crit', 'ask', 'Unconfirmed'),
    refused: look('crit', 'cross', 'Refused'),
    done: look('ok', 'full', 'Done'),
  },
  message: {
    queued: look('info', 'none', 'Queued'),
    sending: look('info', 'half', 'Sending'),
    sent: look('ok', 'full', 'Sent'),
    unknown: look('risk', 'ask', 'Unconfirmed'),
    suppressed: look('neutral', 'full', 'Not sent'),
    failed: look('crit', 'cross', 'Failed'),
  },
  change: {
    queued: look('info', 'none', 'Queued'),
    sending: look('info', 'half', 'Sending'),
    sent: look('wait', 'half', 'Asked'),
    unknown: look('crit', 'ask', 'Unconfirmed'),
    failed: look('crit', 'cross', 'Not sent'),
    accepted: look('ok', 'full', 'Agreed'),
    refused: look('risk', 'cross', 'Refused'),
  },
};

/** `half_way` → `Half way`: what a word looks like that the table does not know yet. */
export const wordOf = (code: string): string => {
  const words = code.replaceAll(/[_-]+/g, ' ').trim();
  return words === '' ? '—' : words.charAt(0).toUpperCase() + words.slice(1);
};

export const lookOf = (of: string, code: string): Look => looks[of]?.[code] ?? look('neutral', 'none', wordOf(code));

/** Every status of an object with its word, for filters. */
export const optionsOf = (of: string): { value: string; label: string }[] =>
  Object.entries(looks[of] ?? {}).map(([value, { word }]) => ({ value, label: word }));

const urgency: readonly Tone[] = ['crit', 'risk', 'wait', 'new', 'info', 'ok', 'neutral'];

/** A purchase order has three axes; in a list it shows the most urgent one, and of equals the furthest. */
export function purchaseLook(po: { transmission: string; response: string; fulfilment: string }): Look {
  const transmission = lookOf('transmission', po.transmission);
  if (po.transmission === 'closed' || po.transmission === 'cancelled') return transmission;
  const blank = new Set(['', 'none', 'awaited']);
  const axes = [
    ...(blank.has(po.fulfilment) ? [] : [lookOf('fulfilment', po.fulfilment)]),
    ...(blank.has(po.response) ? [] : [lookOf('response', po.response)]),
    transmission,
  ];
  // An agreeable answer says less than what is on its way or awaited.
  return axes.toSorted((one, other) => rankOf(one) - rankOf(other))[0] ?? transmission;
}
const rankOf = ({ tone }: Look): number => urgency.indexOf(tone);
