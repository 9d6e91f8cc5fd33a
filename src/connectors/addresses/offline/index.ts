/**
 * Addresses judged as text, without asking anybody: what is missing, what does not fit together, what stands in the wrong
 * field. It cannot know whether the house exists, and says so by its depth.
 */
import type { AddressValidator } from '#ports/address-validator';
import { judgeAddress } from './judge.ts';

export { judgeAddress } from './judge.ts';

export const offlineAddresses = (): AddressValidator => ({
  validate: async (addresses) => addresses.map(judgeAddress),
});
