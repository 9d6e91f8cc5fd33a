import { createHash } from 'node:crypto';
import { Fault } from '#kernel/fault';
import { Unreadable } from '#kernel/unreadable';
import type { WhatBecame } from '#ports/channel';
import type { FileDrop } from '#ports/file-drop';
import type { Fetched, Placed, PurchaseOrder, SupplierDocument, SupplierDoor } from '#ports/supplier';
import { type Settled, settleFile } from './profile.ts';
import { cancelBytes, cancelNameOf, fileNameOf, orderBytes, said } from './write.ts';

const mostBytes = 10_000_000;
/** Of one fetch: more waits for the next one. */
const mostBytesTogether = 20_000_000;

/**
 * A supplier who takes files from a folder and leaves answers in another. `profile` is the supplier's own settings. Whether a file
 * arrived is seen in the folder, or in its archive once they have taken it.
 */
export function fileSupplier({ drop, profile }: { drop: FileDrop; profile: unknown }): SupplierDoor {
  const put = async (nameOf: typeof cancelNameOf, bytesOf: typeof orderBytes, order: PurchaseOrder): Promise<Placed> => {
    const settled = usable(() => settleFile(profile));
    const bytes = bytesOf(order, settled);
    await drop.write(settled.folders.orders, nameOf(order), bytes);
    return placed(nameOf(order), bytes);
  };
  const look = async (nameOf: typeof cancelNameOf, bytesOf: typeof orderBytes, order: PurchaseOrder): Promise<WhatBecame<Placed>> => {
    const settled = usable(() => settleFile(profile));
    const there = await drop.exists(settled.folders.orders, nameOf(order)).catch(notSeen);
    if (typeof there === 'string') return { outcome: 'ask-a-person', why: there };
    return there ? { outcome: 'happened', reply: placed(nameOf(order), bytesOf(order, settled)) } : { outcome: 'absent' };
  };
  const orderName = (order: Pick<PurchaseOrder, 'number' | 'version'>): string => fileNameOf(order);
  return {
    place: (order) => put(orderName, orderBytes, order),
    whatBecameOf: (order) => look(orderName, orderBytes, order),
    cancel: (order) => put(cancelNameOf, cancelBytes, order),
    whatBecameOfCancel: (order) => look(cancelNameOf, cancelBytes, order),
    fetch: async (cursor, limit) =>
      fetchAnswers(
        drop,
        usable(() => settleFile(profile)),
        cursor,
        limit,
      ),
  };
}

const placed = (name: string, bytes: Uint8Array): Placed => ({ reference: '', documents: [said(name, 'text/csv', bytes)] });

/** A profile that nobody can work with stops the connection, not the purchase order. */
export function usable<T>(settle: () => T): T {
  try {
    return settle();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Fault('misconfigured', error.code, `${error.message} ${error.fix}`, { cause: error });
  }
}

/** A look-up that is refused says nothing of the file: that must not read as "it was not taken". */
function notSeen(error: unknown): string {
  if (error instanceof Fault && error.kind === 'refused') return `Their folder cannot be looked into: ${error.message}`;
  throw error;
}

type Taken = [name: string, digest: string];

/** The cursor names what the last fetch gave, which is kept by now; only then is it moved to the archive, so that a crash loses nothing. */
async function fetchAnswers(drop: FileDrop, { folders }: Settled, cursor: string, limit: number): Promise<Fetched> {
  for (const taken of readCursor(cursor)) await tidy(drop, folders.answers, taken);
  const documents: SupplierDocument[] = [];
  const taken: Taken[] = [];
  let together = 0;
  for (const { name, sizeBytes } of await drop.list(folders.answers, limit)) {
    if (documents.length > 0 && together + sizeBytes > mostBytesTogether) break;
    const body = sizeBytes > mostBytes ? null : await readOrGone(drop, folders.answers, name);
    if (body === 'gone') continue;
    together += body?.length ?? 0;
    documents.push({
      kind: 'answer',
      object: name,
      name,
      type: 'text/csv',
      headers: {
        transport: 'file',
        'content-type': 'text/csv',
        folder: folders.answers,
        ...(body ? {} : { 'too-large': String(sizeBytes) }),
      },
      body: body ?? new Uint8Array(),
    });
    taken.push([name, body ? digestOf(body) : '']);
  }
  return { documents, cursor: taken.length === 0 ? '' : JSON.stringify(taken), more: documents.length > 0 };
}

/** They may have taken it back, or replaced it by another of the same name, which has not been read yet and stays. */
async function tidy(drop: FileDrop, folder: string, [name, digest]: Taken): Promise<void> {
  if (digest !== '') {
    const now = await readOrGone(drop, folder, name);
    if (now === 'gone' || (now !== null && digestOf(now) !== digest)) return;
  }
  await drop.archive(folder, name).catch(goneIsDone);
}

/** Null when it has grown beyond what is read. */
async function readOrGone(drop: FileDrop, folder: string, name: string): Promise<Uint8Array | 'gone' | null> {
  try {
    return await drop.read(folder, name, mostBytes);
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'refused') throw error;
    return error.code === 'too-large' ? null : 'gone';
  }
}

function goneIsDone(error: unknown): void {
  if (!(error instanceof Fault) || error.kind !== 'refused') throw error;
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64url').slice(0, 16);

function readCursor(cursor: string): Taken[] {
  try {
    const value: unknown = JSON.parse(cursor || '[]');
    return Array.isArray(value)
      ? value.filter((one): one is Taken => Array.isArray(one) && typeof one[0] === 'string' && typeof one[1] === 'string')
      : [];
  } catch {
    return [];
  }
}
