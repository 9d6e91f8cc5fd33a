/** Numbers, money and time as people read them. Pure: the present is given. */

export interface Amount {
  minor: string;
  currency: string;
}

const locale = 'en-US';
const minus = '\u2212';
const formats = new Map<string, Intl.NumberFormat>();

type Form = 'exact' | 'whole' | 'short';
const forms = {
  exact: {},
  whole: { maximumFractionDigits: 0 },
  short: { notation: 'compact', maximumFractionDigits: 1 },
} as const satisfies Record<Form, Intl.NumberFormatOptions>;

function moneyFormat(currency: string, form: Form): Intl.NumberFormat {
  const name = `${currency}${form}`;
  const known = formats.get(name);
  if (known) return known;
  const more = forms[form];
  const made = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...more });
  formats.set(name, made);
  return made;
}

/**
 * `$1,250.00`, `−$4.00`; compact, as tiles have it, `$1,250` and from ten thousand on `$12.5K`.
 * Exact to any length: the digits are moved as text, never through a float.
 */
export function showMoney({ minor, currency }: Amount, { compact = false } = {}): string {
  const places = moneyFormat(currency, 'exact').resolvedOptions().maximumFractionDigits ?? 2;
  const negative = minor.startsWith('-');
  const digits = minor.replace('-', '').padStart(places + 1, '0');
  const decimal = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  const form = compact ? (digits.length - places > 4 ? 'short' : 'whole') : 'exact';
  // Intl takes decimal text exactly; the types still say number.
  return `${negative ? minus : ''}${moneyFormat(currency, form).format(decimal as unknown as number)}`;
}

/** Sums of one currency each, largest first: `$4,210.00 · €310.00`. */
export const showSums = (sums: readonly Amount[], options: { compact?: boolean } = {}): string =>
  sums
    .filter(({ minor }) => minor !== '0')
    .toSorted((one, other) => (BigInt(other.minor) > BigInt(one.minor) ? 1 : -1))
    .map((sum) => showMoney(sum, options))
    .join(' · ');

const full = new Intl.NumberFormat(locale);
const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
export const showCount = (count: number, { compact = false } = {}): string =>
  (compact && count >= 10_000 ? short : full).format(count).replace('-', minus);

/** `94.1 %`, one decimal. */
export const showShare = (share: number): string => `${(share * 100).toFixed(1).replace('-', minus)} %`;

/** `1 order`, `12 orders`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${showCount(count)} ${count === 1 ? one : many}`;

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `40 min`, `3 h`, `19.2 h`, `2 d 4 h`: how long, unsigned. */
export function showSpan(ms: number): string {
  const length = Math.abs(ms);
  if (length < minute) return `${Math.round(length / 1000)} s`;
  if (length < hour) return `${Math.floor(length / minute)} min`;
  if (length < 48 * hour) return `${Math.floor(length / hour)} h`;
  const days = Math.floor(length / day);
  const hours = Math.floor((length - days * day) / hour);
  return days >= 10 || hours === 0 ? `${days} d` : `${days} d ${hours} h`;
}

/** A measure in hours: `19.2 h` below two days, `2 d 4 h` from there. */
export const showHours = (hours: number): string => (hours < 48 ? `${hours.toFixed(1)} h` : showSpan(hours * hour));

const stamps = new Map<string, Intl.DateTimeFormat>();
const stampParts = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
function stampFormat(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const known = stamps.get(name);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  stamps.set(name, made);
  return made;
}

/** `Nov 23, 16:00`; with the year when it is not this one. */
export function showStamp(iso: string, now: string, timeZone?: string): string {
  const when = new Date(iso);
  const zone = timeZone === undefined ? {} : { timeZone };
  const sameYear = when.getUTCFullYear() === new Date(now).getUTCFullYear();
  const parts = sameYear ? stampParts : ({ ...stampParts, year: 'numeric' } as const);
  return stampFormat(`${sameYear}${timeZone ?? ''}`, { ...parts, ...zone }).format(when);
}

/** `Nov 23 16:00`, as the demo's clock shows it. */
export const showClock = (iso: string, timeZone?: string): string => showStamp(iso, iso, timeZone).replace(',', '');

/** `Monday, Nov 23`: the heading of a day. */
export const showDay = (iso: string, timeZone?: string): string =>
  stampFormat(`day${timeZone ?? ''}`, {
    weekday: 'long',
    month: 'short',
    day: 'numeric',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(new Date(iso));

export const showTimeOfDay = (iso: string, timeZone?: string): string =>
  stampFormat(`time${timeZone ?? ''}`, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(new Date(iso));

export const msBetween = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

/** `just now`, `3 h ago`, `in 20 min`; a day away and more is a date. */
export function showAgo(iso: string, now: string, timeZone?: string): string {
  const past = msBetween(iso, now);
  if (Math.abs(past) >= day) return showStamp(iso, now, timeZone);
  if (Math.abs(past) < minute) return 'just now';
  return past > 0 ? `${showSpan(past)} ago` : `in ${showSpan(past)}`;
}

export interface Clock {
  tone: 'neutral' | 'wait' | 'crit';
  word: string;
}
const soon = 4 * hour;

/** The clock that runs on an order: `2 d 4 h`, `due in 2 h`, `12 h late`. */
export function clockOf(dueAt: string, now: string): Clock {
  const left = msBetween(now, dueAt);
  if (left < 0) return { tone: 'crit', word: `${showSpan(left)} late` };
  if (left <= soon) return { tone: 'wait', word: `due in ${showSpan(left)}` };
  return { tone: 'neutral', word: showSpan(left) };
}

/** `1.2 kB`. */
export const showBytes = (bytes: number): string =>
  bytes < 1000 ? `${bytes} B` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
