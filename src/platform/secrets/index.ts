/**
 * A *secret* is text of a far side's (a key, a password) that we keep sealed and never show again. A *token* is a secret of
 * ours that somebody carries: we keep only its hash. A *signature* proves that a webhook came from who it says.
 */
export { openKeyring } from './keyring.ts';
export { loadSealer, makeSealer, newMasterKey, readMasterKey, type MasterKey, type SealedFor, type Sealer } from './seal.ts';
export { deriveToken, hashToken, newToken } from './token.ts';
export { newWebhookSecret, signWebhook, verifyWebhook, webhookToleranceSeconds, type WebhookHeaders } from './webhook.ts';
