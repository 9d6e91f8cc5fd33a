import type { FeedRow, FeedRunDetail, OfferChangeRow } from '../../api/types.ts';
import { counted, showBytes, showShare, showSpan } from '../../parts/format.ts';

/** How feeds are spoken of. Pure. */

const transports: Readonly<Record<string, string>> = {
  upload: 'Brought to us',
  http: 'Web address',
  sftp: 'SFTP folder',
  ftp: 'FTP folder',
  folder: 'Shared folder',
  mail: 'E-mail attachment',
  rest: "Supplier's API",
  replay: 'Read again',
};
export const transportWord = (transport: string): string => transports[transport] ?? transport;
export const transportChoices = ['upload', 'http', 'sftp', 'ftp', 'folder', 'mail', 'rest'] as const;

export const fieldWords: Readonly<Record<string, string>> = {
  supplierSku: "Supplier's SKU",
  title: 'Title',
  brand: 'Brand',
  gtin: 'GTIN',
  mpn: 'MPN',
  cost: 'Cost',
  currency: 'Currency',
  quantity: 'Quantity',
  availability: 'Availability',
  packSize: 'Pack size',
  leadDays: 'Lead time',
  weight: 'Weight',
};
export const fieldWord = (field: string): string =>
  fieldWords[field] ?? `${field.charAt(0).toUpperCase()}${field.slice(1).replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)}`;

export const guardWords: Readonly<Record<string, string>> = {
  same_file: 'Same file as before',
  older: 'Older than what was applied',
  yield: 'Rows that can be read',
  currency: 'Another currency',
  vanished: 'Offers no longer in it',
  cost_jump: 'Costs that jump',
  zeroed: 'Offers without stock left',
  zero_cost: 'Offers that cost nothing',
  damaged: 'Damaged texts',
  truncated: 'Rows lost and no end',
  stranger: "Another supplier's file",
  columns: 'Columns that changed',
  asked: 'Asked to wait',
};

/** The limit that a guard is set by, as the API calls it; those without one cannot be set. */
export const guardLimits: Readonly<Record<string, 'vanished' | 'costRows' | 'zeroed' | 'yield' | 'zeroCost' | 'damaged' | 'shrunk'>> = {
  yield: 'yield',
  vanished: 'vanished',
  cost_jump: 'costRows',
  zeroed: 'zeroed',
  zero_cost: 'zeroCost',
  damaged: 'damaged',
  truncated: 'shrunk',
};

const flags: Readonly<Record<string, string>> = {
  cost_jump: 'cost jumps',
  zero_cost: 'costs nothing',
  zeroed: 'none left',
  damaged: 'damaged text',
};
export const flagWord = (flag: string): string => flags[flag] ?? flag;

/** How much of its allowed age a feed has used up: from 0, beyond 1 it is overdue. Null where nothing says how old it may get. */
export function ageShare({ freshAt, allowedMinutes }: Pick<FeedRow, 'freshAt' | 'allowedMinutes'>, now: string): number | null {
  if (freshAt === null || allowedMinutes === null || now === '') return null;
  return Math.max(0, (Date.parse(now) - Date.parse(freshAt)) / 60_000 / allowedMinutes);
}

export const minutesWord = (minutes: number): string => showSpan(minutes * 60_000);

/** One sentence on what a run is about, the worst first. */
export function runSentence({
  state,
  why,
  rows,
  kind,
  progress,
  name,
}: Pick<FeedRunDetail, 'state' | 'why' | 'rows' | 'kind' | 'progress' | 'name'>): string {
  if (state === 'held') return `Held, nothing of it was written. ${why}`;
  if (state === 'failed') return why;
  if (state === 'cancelled') return why || 'It was left aside; nothing of it was written.';
  if (state === 'waiting') return `${name} waits for its turn.`;
  if (state === 'running')
    return progress && progress.total > 0
      ? `Being read: ${showShare(Math.min(1, progress.done / progress.total))} of ${showBytes(progress.total)}.`
      : 'Being read.';
  if (kind === 'rollback') return `${counted(rows['changed'] ?? 0, 'offer')} put back, ${rows['gone'] ?? 0} vanished.`;
  const changed = (rows['changed'] ?? 0) + (rows['new'] ?? 0) + (rows['gone'] ?? 0);
  return changed === 0
    ? `${counted(rows['read'] ?? 0, 'row')}, nothing changed.`
    : `${counted(rows['read'] ?? 0, 'row')}: ${rows['new']} new, ${rows['changed']} changed, ${rows['gone']} gone.`;
}

/** By how much a cost moves, as a share; null where there was none. */
export function costMove({ cost: { before, after } }: Pick<OfferChangeRow, 'cost'>): number | null {
  if (!before || !after || Number(before.minor) === 0) return null;
  return (Number(after.minor) - Number(before.minor)) / Number(before.minor);
}

export const runCode = (state: string, changed: number): string => (state === 'applied' && changed === 0 ? 'unchanged' : state);
