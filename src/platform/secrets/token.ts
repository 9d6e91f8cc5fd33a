import { createHash, createHmac, randomBytes } from 'node:crypto';

/** A token of 256 random bits in base64url, and the hash we keep of it. The token itself is shown once and never stored. */
export function newToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}

/** SHA-256 in base64url. A token has 256 bits of chance, so a slow hash would add nothing. */
export const hashToken = (token: string): string => createHash('sha256').update(token, 'utf8').digest('base64url');

/**
 * The same token every time for one subject, so that a link can stand in a mail before anybody opened it and need not be stored.
 * `key` is a secret of the installation (32 bytes); tokens of one purpose say nothing about those of another.
 */
export function deriveToken(key: Uint8Array, purpose: string, subject: string): { token: string; hash: string } {
  const token = createHmac('sha256', key).update(`stockless token ${purpose.length}:${purpose}:${subject}`, 'utf8').digest('base64url');
  return { token, hash: hashToken(token) };
}

/** What a webhook is signed with, as Standard Webhooks writes it: `whsec_` and 32 random bytes in base64. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
