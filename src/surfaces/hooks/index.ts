/**
 * A *hook* is an address of ours with a token that a far side posts to. What comes is checked by its signature, kept as it came,
 * and answered only when it is committed; what it means is read later.
 */
export type { Arrive, Arrived, HookOwner, HooksDeps } from './deps.ts';
export { hooksPlugin } from './plugin.ts';
