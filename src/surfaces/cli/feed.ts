import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FeedRoom, takeFeed, workFeeds } from '#flows/feed-life';
import type { FeedOutcome } from '#modules/catalog';
import { supplierCodes } from '#modules/suppliers';

export interface FeedCommand {
  /** The file. */
  path: string;
  /** The supplier's code, as KESTREL; case does not matter. */
  supplier: string;
  /** Who runs the command, as facts name it. */
  by: string;
  say: (line: string) => void;
}

/**
 * `stockless feed import <file> --supplier CODE`: imports a file and says what became of it. Returns the exit code: 0 applied, 3 held
 * for a person, 1 anything else.
 */
export async function feedImport(room: FeedRoom, tenant: string, { path, supplier, by, say }: FeedCommand): Promise<number> {
  const codes = await room.db.tx(tenant, supplierCodes);
  const supplierId = [...codes].find(([code]) => code.toLowerCase() === supplier.toLowerCase())?.[1];
  if (supplierId === undefined) {
    say(`There is no supplier ${supplier}. Known are: ${[...codes.keys()].sort().join(', ') || 'none yet'}.`);
    return 1;
  }
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) {
    say(`${path} is not a file that can be read.`);
    return 1;
  }
  const run = await takeFeed(room, tenant, { supplierId, name: basename(path), by, bytes: createReadStream(path) });
  const [outcome] = await workFeeds(room, tenant, run);
  if (!outcome) {
    say('It broke off, or another worker has taken it. Nothing of it was written here; the log says more.');
    return 1;
  }
  for (const line of report(outcome)) say(line);
  return outcome.state === 'applied' ? 0 : outcome.state === 'held' ? 3 : 1;
}

const shownRefused = 20;

/** What became of a file, in lines for people. */
export function report(outcome: FeedOutcome): string[] {
  const lines = [
    `${outcome.state === 'applied' ? 'Applied' : outcome.state === 'held' ? 'Held, nothing was written' : outcome.state === 'failed' ? 'Failed' : 'Cancelled'}. ${outcome.why}`.trim(),
    `Rows ${outcome.rows_read}: new ${outcome.rows_new}, changed ${outcome.rows_changed}, same ${outcome.rows_same}, refused ${outcome.rows_refused}. No longer in the file: ${outcome.rows_gone}.`,
  ];
  for (const { line, field, value, why } of outcome.refused.slice(0, shownRefused))
    lines.push(`  line ${line}${field ? `, ${field}` : ''}${value ? ` "${value}"` : ''}: ${why}`);
  if (outcome.rows_refused > shownRefused)
    lines.push(`  and ${outcome.rows_refused - shownRefused} more; the feed run keeps the first thousand.`);
  return lines;
}
