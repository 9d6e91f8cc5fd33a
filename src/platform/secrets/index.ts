/**
 * A *secret* is text of a far side's (a key, a password) that we keep sealed and never show again. A *token* is a secret of
 * ours that somebody carries: we keep only its hash.
 */
export { openKeyring } from './keyring.ts';
export { loadSealer, makeSealer, newMasterKey, readMasterKey, type MasterKey, type SealedFor, type Sealer } from './seal.ts';
export { deriveToken, hashToken, newToken, newWebhookSecret } from './token.ts';
