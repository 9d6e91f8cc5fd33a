/** What a message says it is, from its bytes; kept beside it for people and for telling repetitions. Never trusted further. Pure. */
export interface Label {
  kind: string;
  /** The far side's name of the thing; '' when it says none. */
  object: string;
  /** The topic; 'unreadable' when it is no JSON. */
  name: string;
}

const longestName = 120;
const longestObject = 200;

const plain = (value: unknown, longest: number): string => {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  // The database keeps neither a zero byte nor half a character.
  return text.replaceAll('\0', '').toWellFormed().slice(0, longest).toWellFormed();
};

export function labelOf(source: string, body: Uint8Array): Label {
  const kind = source.startsWith('supplier:') ? 'answer' : source.startsWith('carrier:') ? 'tracking' : 'order';
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    return { kind, object: '', name: 'unreadable' };
  }
  const message = typeof read === 'object' && read !== null ? (read as { type?: unknown; data?: unknown }) : {};
  const data = typeof message.data === 'object' && message.data !== null ? (message.data as { id?: unknown }) : {};
  return { kind, object: plain(data.id, longestObject), name: plain(message.type, longestName) };
}
