import { createHmac, timingSafeEqual } from 'node:crypto';

/** The keyed hash of these bytes, as far sides sign with it. */
export const hmacOf = (algorithm: 'sha1' | 'sha256', key: string | Uint8Array, bytes: string | Uint8Array, as: 'hex' | 'base64'): string =>
  createHmac(algorithm, key).update(bytes).digest(as);

/** Whether two texts are the same, in a time that does not tell where they differ; an empty text is the same as none. */
export function isSameSecret(one: string, other: string): boolean {
  const [ours, theirs] = [Buffer.from(one), Buffer.from(other)];
  return ours.length > 0 && ours.length === theirs.length && timingSafeEqual(ours, theirs);
}
