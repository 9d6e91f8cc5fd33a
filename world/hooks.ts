import { between } from '#kernel/chance';
import { dice, hourMs, minuteMs, seededHex } from './dice.ts';
import { faceOf } from './faces.ts';
import type { Realm } from './realm.ts';
import type { DueDelivery, StoreOrder } from './shops.ts';
import { storeOf } from './tills.ts';
import type { Shop } from './stores.ts';
import type { Delivery } from './words.ts';

/** As the Standard Webhooks sender does it: the same id at every try, seven tries over a day and a half. */
const waits = [5_000, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 5 * hourMs, 10 * hourMs, 14 * hourMs];

/** The happening `hook`: an order changed, and a webhook about it should go out. Weather decides what becomes of it. */
export function planHooks(realm: Realm, shop: Shop, type: string, body: string): void {
  const store = storeOf(realm, shop.code);
  if (store.hook === '' || store.hooksDownUntil > realm.now()) return;
  const order = JSON.parse(body) as StoreOrder;
  const name = `${shop.code}/${order.id}/${order.updated_at}`;
  if (realm.goesWrong('hook_lost', name)) return;
  const chance = dice(realm.seed, 'hook', name);
  const group = realm.count('hooks');
  const due: DueDelivery = {
    id: `msg_${seededHex(realm.seed, name, 24)}`,
    channel: shop.code,
    at: realm.now() + between(chance, 200, 4000),
    type,
    body,
    tries: 0,
    group,
  };
  if (realm.goesWrong('hook_late', name)) due.at += between(chance, 5, 26 * 60) * minuteMs;
  queue(realm, due);
  if (realm.goesWrong('hook_at_once', name)) queue(realm, due);
  if (realm.goesWrong('hook_twice', name))
    queue(realm, { ...due, at: due.at + between(chance, 1, 600) * minuteMs, group: realm.count('hooks') });
  if (realm.goesWrong('hook_renamed', name))
    queue(realm, { ...due, id: `${due.id}x`, at: due.at + between(chance, 1, 30) * minuteMs, group: realm.count('hooks') });
  // What was true then, told after what is true now.
  if (realm.goesWrong('hook_stale', name))
    queue(realm, { ...due, id: `${due.id}s`, at: due.at + between(chance, 1, 48) * hourMs, group: realm.count('hooks') });
}

function queue(realm: Realm, due: DueDelivery): void {
  realm.script.plan(due.at, 'hook.go', { ...due });
}

export const hookGoes = (realm: Realm, data: Readonly<Record<string, string | number>>): void => {
  realm.state.out.deliveries.push(data as unknown as DueDelivery);
};

/** Takes out what is due, signed as of now, in the order of planning. */
export function takeDeliveries(realm: Realm, shops: ReadonlyMap<string, Shop>): { due: DueDelivery; delivery: Delivery }[] {
  const due = realm.state.out.deliveries.splice(0);
  const taken: { due: DueDelivery; delivery: Delivery }[] = [];
  for (const one of due) {
    const shop = shops.get(one.channel);
    const url = realm.state.stores[one.channel]?.hook ?? '';
    if (shop === undefined || url === '') continue;
    const order = JSON.parse(one.body) as StoreOrder;
    const sent = faceOf(shop).hook?.(realm, shop, { id: one.id, type: one.type, order, seconds: Math.floor(realm.now() / 1000) });
    // Nobody has subscribed to it, or the platform has switched it off.
    if (!sent) continue;
    const body = new TextEncoder().encode(sent.body);
    realm.say(`store ${one.channel}`, `webhook ${one.type} ${one.id} try ${one.tries + 1}`, body);
    taken.push({
      due: one,
      delivery: { id: one.id, channel: one.channel, url, headers: sent.headers, body, group: one.group },
    });
  }
  return taken;
}

/** Anything but a 2xx is tried again. */
export function wasDelivered(realm: Realm, shops: ReadonlyMap<string, Shop>, due: DueDelivery, status: number): void {
  realm.say(`store ${due.channel}`, `webhook ${due.id} answered ${status}`);
  if (status >= 200 && status < 300) return;
  const shop = shops.get(due.channel);
  if (shop) faceOf(shop).failed?.(realm, shop, due.type);
  const wait = ((shop && faceOf(shop).tries) ?? waits)[due.tries];
  if (wait !== undefined) queue(realm, { ...due, at: realm.now() + wait, tries: due.tries + 1 });
}
