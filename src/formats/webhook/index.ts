/**
 * *Standard Webhooks*: an id, a time and the body are signed together, so that neither can be changed nor used again later.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#kernel/time';

/** The three headers of Standard Webhooks, in small letters. */
export interface WebhookHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

export const webhookToleranceSeconds = 300;
const secretPrefix = 'whsec_';
const leastSecretBytes = 24;
const mostSecretBytes = 64;
const mostSignatures = 16;

/**
 * The headers for this message. With two secrets, during a rotation, both signatures stand in the header. `id` stays the same
 * for all tries of one message. Throws on a secret that is not 24 to 64 bytes of base64: we sign only with what we made.
 */
export function signWebhook(message: { id: string; body: string | Uint8Array; secrets: readonly string[]; clock: Clock }): WebhookHeaders {
  if (message.id === '' || message.id.includes('.'))
    throw new Error(`"${message.id}" cannot be a webhook id: it is empty or has a full stop`);
  const timestamp = String(Math.floor(message.clock.now().epochMilliseconds / 1_000));
  const signatures = message.secrets.map((secret) => {
    const key = readSecret(secret);
    if (!key) throw new Error('A webhook secret is whsec_ and 24 to 64 bytes in base64.');
    return `v1,${signature(key, message.id, timestamp, message.body).toString('base64')}`;
  });
  if (signatures.length === 0) throw new Error('A webhook needs at least one secret to be signed with.');
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/**
 * Whether one of the secrets signed exactly these bytes within five minutes of now. Never throws: whatever is missing, short,
 * empty or malformed is false. Give the body as it came, before any parsing.
 */
export function verifyWebhook(message: {
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  body: string | Uint8Array;
  secrets: readonly string[];
  clock: Clock;
}): boolean {
  const id = one(message.headers['webhook-id']);
  const timestamp = one(message.headers['webhook-timestamp']);
  const given = one(message.headers['webhook-signature']);
  if (!id || !timestamp || !given || !/^\d{1,12}$/.test(timestamp)) return false;
  const age = message.clock.now().epochMilliseconds / 1_000 - Number(timestamp);
  if (Math.abs(age) > webhookToleranceSeconds) return false;
  const candidates = given.split(' ', mostSignatures).flatMap((part) => {
    const [form, base64, ...more] = part.split(',');
    if (form !== 'v1' || base64 === undefined || more.length > 0) return [];
    const bytes = Buffer.from(base64, 'base64');
    // Buffer is lenient about base64; only the one right spelling counts.
    return bytes.length === 32 && bytes.toString('base64') === base64 ? [bytes] : [];
  });
  let fits = false;
  for (const secret of message.secrets) {
    const key = readSecret(secret);
    if (!key) continue;
    const expected = signature(key, id, timestamp, message.body);
    for (const candidate of candidates) fits = timingSafeEqual(expected, candidate) || fits;
  }
  return fits;
}

function signature(key: Uint8Array, id: string, timestamp: string, body: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`, 'utf8').update(body).digest();
}

function readSecret(secret: unknown): Buffer | null {
  if (typeof secret !== 'string') return null;
  const text = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret;
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(text)) return null;
  const key = Buffer.from(text, 'base64');
  return key.length >= leastSecretBytes && key.length <= mostSecretBytes ? key : null;
}

/** A header that came twice is as good as none: nobody can say which one was meant. */
const one = (value: string | readonly string[] | undefined): string | null => (typeof value === 'string' ? value : null);
