import type { Realm } from './realm.ts';

/** Where suppliers and shoppers write to. */
export const ourAddress = 'orders@fernway.test';

/** Puts a letter into our mailbox. */
export function postLetter(realm: Realm, bytes: Uint8Array): void {
  realm.state.post.push({ uid: `1-${realm.count('post')}`, at: realm.now(), bytes: Buffer.from(bytes).toString('base64'), taken: false });
}
