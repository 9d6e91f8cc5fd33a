import { textOf } from '#kernel/text';
import { readDecimal } from '#kernel/money';
import { mostUnits } from '#kernel/quantity';
import { type Instant, instant } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { Acknowledged, LineAnswer, Shipped, SupplierSaid } from '#ports/supplier';
import type { Given } from '#connectors/suppliers/file';
import { memberAt } from './members.ts';
import { type SettledRest, settleRest } from './profile.ts';

const mostLines = 10_000;

/**
 * Reads one update of a supplier's: acknowledgement, shipment or answer to a cancellation. Throws `Unreadable` that names the member
 * that does not fit and what to do. `currency` is the supplier's own, for costs they change.
 */
export function readRestAnswer(settings: unknown, document: Pick<Given, 'body'>, currency: string): SupplierSaid[] {
  const profile = settleRest(settings);
  const update = parse(document.body);
  const { update: names } = profile;
  const word = text(update, names.type, 40);
  const kind = profile.kinds.get(word.toLowerCase());
  if (!kind) throw misfit(names.type, word, `no kind of update that is known (${[...profile.kinds.keys()].join(', ')})`, addTheWord);
  const purchase = text(update, names.purchase, 100);
  if (kind === 'shipment') return [shipped(profile, update, purchase)];
  if (kind === 'acknowledgement') return [acknowledged(profile, update, purchase, currency)];
  const said = text(update, names.outcome, 40);
  const outcome = profile.outcomes.get(said.toLowerCase());
  if (!outcome)
    throw misfit(
      names.outcome,
      said,
      `neither yes nor no to a cancellation (known: ${[...profile.outcomes.keys()].join(', ')})`,
      addTheWord,
    );
  return [{ what: 'cancellation', purchase, outcome, ...maybe('reason', optionalText(update, names.reason, 500)) }];
}

const addTheWord = 'Add the word to `words` in the profile, or ask the supplier what it means; then read it again.';
const askThem = 'Ask the supplier what they sent; when it is corrected, read it again.';

function acknowledged({ update: names, responses }: SettledRest, update: unknown, purchase: string, currency: string): Acknowledged {
  const lines = listOf(update, names.lines, '').map((line, place): LineAnswer => {
    const at = `${names.lines}[${place}].`;
    const word = text(line, names.status, 60, at);
    const response = responses.get(word.toLowerCase());
    if (!response)
      throw misfit(at + names.status, word, `no status of this supplier (known: ${[...responses.keys()].join(', ')})`, addTheWord);
    const quantity = memberAt(line, names.quantity);
    const expected = optionalText(line, names.expected, 60, at);
    const cost = memberAt(line, names.unitCost);
    return {
      ...nameOfLine(line, names, at),
      response,
      ...(quantity === undefined || quantity === null ? {} : { quantity: units(line, names.quantity, at) }),
      ...(cost === undefined || cost === null ? {} : { unitCostMinor: costOf(cost, at + names.unitCost, currency) }),
      ...(expected ? { expectedAt: timeOf(expected, at + names.expected) } : {}),
      ...maybe('reason', optionalText(line, names.reason, 500, at)),
    };
  });
  const said = optionalText(update, names.at, 60);
  return {
    what: 'acknowledgement',
    purchase,
    ...maybe('reference', optionalText(update, names.reference, 200)),
    ...(said ? { at: timeOf(said, names.at) } : {}),
    lines,
  };
}

function shipped({ update: names }: SettledRest, update: unknown, purchase: string): Shipped {
  const parcels = listOf(update, names.parcels, '').map((parcel, place) => {
    const at = `${names.parcels}[${place}].`;
    return {
      carrier: optionalText(parcel, names.carrier, 100, at) ?? '',
      number: optionalText(parcel, names.tracking, 100, at) ?? '',
      lines: listOf(parcel, names.lines, at).map((line, nth) => {
        const inner = `${at}${names.lines}[${nth}].`;
        return { ...nameOfLine(line, names, inner), quantity: units(line, names.quantity, inner) };
      }),
    };
  });
  return {
    what: 'shipment',
    purchase,
    reference: optionalText(update, names.shipment, 200) ?? '',
    shippedAt: timeOf(text(update, names.shippedAt, 60), names.shippedAt),
    parcels,
  };
}

function nameOfLine(line: unknown, names: SettledRest['update'], at: string): { position?: number; sku?: string } {
  const sku = optionalText(line, names.sku, 200, at);
  const position = memberAt(line, names.position);
  if (position === undefined || position === null) {
    if (!sku) throw misfit(at + names.position, '', 'missing, and so is the SKU', askThem);
    return { sku };
  }
  if (!/^\d{1,6}$/.test(textOf(position))) throw misfit(at + names.position, position, 'not the number of a line', askThem);
  return { position: Number(position), ...maybe('sku', sku) };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Unreadable('not-json', `It is not JSON in UTF-8: ${(error as Error).message}.`, {
      fix: 'Look at the raw bytes; a proxy may have answered in place of the supplier.',
      cause: error,
    });
  }
}

function text(from: unknown, path: string, most: number, at = ''): string {
  const found = optionalText(from, path, most, at);
  if (!found) throw misfit(at + path, '', 'missing', askThem);
  return found;
}

function optionalText(from: unknown, path: string, most: number, at = ''): string | undefined {
  const value = memberAt(from, path);
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== 'string') throw misfit(at + path, value, 'not text', askThem);
  if (value.length > most) throw misfit(at + path, value, `longer than ${most} letters`, askThem);
  return value.trim() || undefined;
}

function listOf(from: unknown, path: string, at: string): unknown[] {
  const value = memberAt(from, path);
  if (!Array.isArray(value)) throw misfit(at + path, value, 'not a list', askThem);
  if (value.length > mostLines) throw misfit(at + path, `${value.length} entries`, `more than ${mostLines}`, askThem);
  return value;
}

function units(from: unknown, path: string, at: string): number {
  const value = memberAt(from, path);
  const count = typeof value === 'string' && /^\d{1,7}$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0 || count > mostUnits)
    throw misfit(at + path, value, 'not a whole number of units', askThem);
  return count;
}

function costOf(value: unknown, at: string, currency: string): bigint {
  const cost = typeof value === 'string' || typeof value === 'number' ? readDecimal(String(value), currency) : null;
  if (!cost || cost.minor < 0n) throw misfit(at, value, `not an amount of ${currency} such as "12.50"`, askThem);
  return cost.minor;
}

function timeOf(text: string, at: string): Instant {
  try {
    return instant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T12:00:00Z` : text);
  } catch {
    throw misfit(at, text, 'no instant such as 2026-11-25T10:00:00Z', askThem);
  }
}

const maybe = <N extends string>(name: N, value: string | undefined): Partial<Record<N, string>> =>
  value ? ({ [name]: value } as Record<N, string>) : {};

function misfit(path: string, value: unknown, what: string, fix: string): Unreadable {
  const shown = value === '' || value === undefined ? '' : ` (${(JSON.stringify(value) ?? '').slice(0, 80)})`;
  return new Unreadable('misfit', `${path}${shown} is ${what}.`, { fix });
}
