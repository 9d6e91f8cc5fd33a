import { Fault } from '#kernel/fault';
import { Unreadable } from '#kernel/unreadable';
import type { ChannelDocument, ChannelDoor } from '#ports/channel';
import type { FileDrop } from '#ports/file-drop';
import { splitOrders } from './read.ts';

const mostBytes = 50_000_000;

/**
 * Takes one file per poll. The cursor names files whose orders are kept by now; only the next poll moves them to the archive, so that
 * a crash between reading and keeping loses nothing. A file that cannot be cut into orders is kept whole, as one document.
 */
export function csvStore(drop: FileDrop, settings: { folder: string; columns?: Readonly<Record<string, string>> }): ChannelDoor {
  return {
    async orders(cursor) {
      if (cursor) await drop.archive(settings.folder, cursor).catch(missingIsDone);
      const files = (await drop.list(settings.folder, 100)).filter(({ name }) => name.toLowerCase().endsWith('.csv') && name !== cursor);
      const [file] = files;
      if (!file) return { documents: [], cursor: '', more: false };
      const bytes = await drop.read(settings.folder, file.name, mostBytes);
      return { documents: await documentsOf(file.name, bytes, settings.columns ?? {}), cursor: file.name, more: true };
    },
    async reportShipment() {
      throw new Fault('refused', 'no-way-back', 'A CSV channel cannot be told of parcels; the shopper has the tracking page.');
    },
    async whatBecameOf() {
      return { outcome: 'absent' };
    },
    async publish() {
      throw new Fault('refused', 'no-way-back', 'A CSV channel cannot be told of stock; its list can be downloaded.');
    },
    async published() {
      return { rows: [], cursor: '', more: false };
    },
  };
}

async function documentsOf(name: string, bytes: Uint8Array, columns: Readonly<Record<string, string>>): Promise<ChannelDocument[]> {
  try {
    return (await splitOrders(bytes, columns)).map((order) => ({ object: order.number, name, body: order.bytes }));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return [{ object: name, name, body: bytes }];
  }
}

/** The file was moved before, by us or by them; either way it is not read again. */
function missingIsDone(error: unknown): void {
  if (!(error instanceof Fault) || error.kind !== 'refused') throw error;
}
