import { showMoney, showStamp } from './format.ts';
import { lookOf, wordOf } from './status.ts';

/** What happened, in prose. Facts carry data; sentences are made here, so that they read alike everywhere. */

interface Told {
  type: string;
  data: Readonly<Record<string, unknown>>;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
const words = (value: unknown): string[] => (Array.isArray(value) ? value.map(text).filter((word) => word !== '') : []);
const tail = (because: string): string => (because === '' ? '.' : `: ${because}${/[.!?]$/.test(because) ? '' : '.'}`);
const and = (list: readonly string[]): string =>
  list.length < 2 ? (list[0] ?? '') : `${list.slice(0, -1).join(', ')} and ${list[list.length - 1]}`;

const meanings: Record<string, string> = {
  'order.confirmed': 'order confirmation',
  'order.delayed': 'delay notice',
  'order.cancelled': 'cancellation notice',
  'line.backordered': 'backorder notice',
  'parcel.shipped': 'shipping notice',
  'parcel.out_for_delivery': 'out-for-delivery notice',
  'parcel.attempt_failed': 'failed-attempt notice',
  'parcel.ready_for_pickup': 'pickup notice',
  'parcel.delivered': 'delivery notice',
  'purchase.reminder': 'reminder',
};
/** What a message means, as people call it; a second one of the same meaning, `order.delayed:2`, is called the same. */
export const meaningOf = (meaning: string): string =>
  meanings[meaning.split(':')[0] ?? ''] ?? wordOf(meaning.replaceAll('.', ' ')).toLowerCase();

const moneyIn = (value: unknown): string => {
  const { minor, currency } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return typeof minor === 'string' && typeof currency === 'string' ? showMoney({ minor, currency }) : text(value);
};

interface Answer {
  sku?: unknown;
  response?: unknown;
  quantity?: unknown;
}
function answersIn(value: unknown): string {
  const lines = (Array.isArray(value) ? value : []) as Answer[];
  const said = lines.map(({ sku, response, quantity }) => {
    const units = text(quantity) === '' ? '' : `${text(quantity)} × `;
    return `${units}${text(sku)} ${lookOf('response', text(response)).word.toLowerCase()}`;
  });
  return said.length > 3 ? `${said.slice(0, 3).join(', ')} and ${said.length - 3} more` : said.join(', ');
}

const reasonWords: Record<string, string> = {
  address: 'doubtful address',
  duplicate: 'possible duplicate',
  payment: 'payment',
  velocity: 'too many at once',
  risk: 'likely fraud',
  history: 'from before the shop was connected',
  unmatched: 'an item nobody is matched to',
  no_supplier: 'no supplier',
  fraud_burst: 'a burst that looks like fraud',
  manual: 'held by hand',
  margin: 'margin too low',
};
export const reasonOf = (code: string): string => reasonWords[code] ?? wordOf(code).toLowerCase();

type Say = (data: Readonly<Record<string, unknown>>) => string;
const sayings: Record<string, Say> = {
  'order.received': ({ total }) => `The order came in${total === undefined ? '' : `, ${moneyIn(total)}`}.`,
  'order.accepted': () => 'Checked and accepted.',
  'order.held': ({ reasons, because }) => `Put on hold for ${and(words(reasons).map(reasonOf)) || 'a look'}${tail(text(because))}`,
  'order.released': () => 'Released from hold.',
  'order.routed': ({ suppliers, because }) => {
    const why = text(because);
    const [only] = words(suppliers);
    // Of one supplier the reason begins with its name.
    return why.startsWith(`${only}: `) ? `Routed to ${why}` : `Routed to ${and(words(suppliers))}${tail(why)}`;
  },
  'order.in_fulfilment': () => 'All lines are with their suppliers.',
  'order.cancelled': ({ because }) => `Cancelled${tail(text(because))}`,
  'order.closed': () => 'Closed: everything is settled.',
  'order.changed': ({ what }) => `Changed by the shop: ${and(words(what)) || 'details'}.`,
  'order.noted': ({ text: note }) => text(note),
  'purchase.drafted': ({ number, supplier }) => `Purchase order ${text(number)} written${text(supplier) ? ` for ${text(supplier)}` : ''}.`,
  'purchase.sent': ({ number, supplier, reference }) =>
    `${text(number)} sent${text(supplier) ? ` to ${text(supplier)}` : ''}${text(reference) ? `, their reference ${text(reference)}` : ''}.`,
  'purchase.unknown': ({ number }) => `Nobody knows whether ${text(number) || 'the purchase order'} arrived.`,
  'purchase.failed': ({ number, because }) => `${text(number) || 'The purchase order'} could not be sent${tail(text(because))}`,
  'purchase.acknowledged': ({ number }) => `${text(number)} acknowledged.`,
  'purchase.answered': ({ number, supplier, lines }) =>
    `${text(supplier) || 'The supplier'} answered ${text(number) || 'the purchase order'}${answersIn(lines) ? `: ${answersIn(lines)}` : ''}.`,
  'purchase.reminded': ({ number, to }) => `Reminder about ${text(number)} sent${text(to) ? ` to ${text(to)}` : ''}.`,
  'purchase.closed': ({ number }) => `${text(number) || 'The purchase order'} is closed.`,
  'purchase.cancelled': ({ number, because }) => `${text(number) || 'The purchase order'} is cancelled${tail(text(because))}`,
  'change.sent': ({ number, supplier }) => `Cancellation of ${text(number)} asked for${text(supplier) ? ` at ${text(supplier)}` : ''}.`,
  'change.accepted': ({ number }) => `Cancellation of ${text(number)} agreed.`,
  'change.refused': ({ number, because }) => `Cancellation of ${text(number)} refused${tail(text(because))}`,
  'parcel.created': ({ carrier, number }) => `Parcel ${text(number)} announced, ${wordOf(text(carrier))}.`,
  'parcel.delayed': ({ expectedAt }) =>
    `The parcel is late${text(expectedAt) ? `; it was expected ${showStamp(text(expectedAt), text(expectedAt))}` : ''}.`,
  'message.sent': ({ meaning, to }) => `Sent the ${meaningOf(text(meaning))}${text(to) ? ` to ${text(to)}` : ''}.`,
  'message.failed': ({ meaning, because }) => `The ${meaningOf(text(meaning))} could not be sent${tail(text(because))}`,
  'person.resolved': ({ said }) => text(said) || 'Resolved.',
  'person.read_again': () => 'Read again.',
  'person.published_policy': ({ version }) => `Routing policy published${text(version) ? `, version ${text(version)}` : ''}.`,
  'feed.emptied': ({ offers }) => `${text(offers)} offers that files no longer have are without stock`,
  'feed.rolled_back': ({ changed }) => `Feed rolled back, ${text(changed)} offers put back`,
  'feed.held': ({ supplier, why }) => `Feed${text(supplier) ? ` of ${text(supplier)}` : ''} held${tail(text(why))}`,
  'feed.failed': ({ supplier, why }) => `Feed${text(supplier) ? ` of ${text(supplier)}` : ''} could not be read${tail(text(why))}`,
  'matches.found': ({ confirmed, suggested, broken }) =>
    `Matches looked for: ${text(confirmed) || 0} exact approved, ${text(suggested) || 0} to look at${Number(broken) > 0 ? `, ${text(broken)} broken` : ''}.`,
  'matches.approved': ({ count }) => `${text(count)} matches approved.`,
  'matches.rejected': ({ count }) => `${text(count)} matches rejected for good.`,
  'person.took_back': ({ title }) => `Taken back: ${text(title)}.`,
  'feed.applied': ({ supplier, new: added, changed, gone }) =>
    `Feed${text(supplier) ? ` of ${text(supplier)}` : ''} applied: ${text(added) || 0} new, ${text(changed) || 0} changed, ${text(gone) || 0} gone.`,
};

/** One sentence. A type that nobody wrote one for is said by its name, with what it carries. */
export function sentenceOf({ type, data }: Told): string {
  const known = sayings[type];
  if (known) return known(data);
  const [about = '', what = ''] = type.split('.');
  if (about === 'parcel')
    return `Parcel: ${lookOf('parcel', what).word.toLowerCase()}${text(data['place']) ? `, ${text(data['place'])}` : ''}.`;
  // `person.paused_supplier` with its name: `Paused supplier Kestrel.`
  if (about === 'person') return `${wordOf(what)}${text(data['name']) ? ` ${text(data['name'])}` : ''}.`;
  const because = text(data['because']) || text(data['detail']) || text(data['what']);
  return `${wordOf(about)} ${wordOf(what).toLowerCase()}${tail(because)}`;
}

const steps: Record<string, string> = {
  readArrival: 'intake',
  screenOrder: 'screening',
  routeOrder: 'routing',
  draftPurchases: 'purchasing',
  followOrder: 'follow-up',
  placePurchase: 'purchasing',
  followPurchase: 'follow-up',
  sendChange: 'purchasing',
  pollSupplier: 'supplier poll',
  pollChannel: 'channel poll',
  reportParcel: 'channel report',
  trackParcel: 'tracking',
  sendMessage: 'messages',
};

/** Who did it, as people say: a person by name, a step by its trade. */
export function whoOf(actor: string, name: string): string {
  if (name !== '') return name;
  const [kind = '', id = ''] = actor.split(':');
  if (kind === 'step') return steps[id] ?? wordOf(id).toLowerCase();
  return kind === 'person' ? 'a person' : kind === 'key' ? 'an API key' : kind || 'system';
}
