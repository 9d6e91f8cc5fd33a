import { loseOne } from './carrier.ts';
import type { Character } from './characters.ts';
import { dayMs, minuteMs } from './dice.ts';
import type { Realm } from './realm.ts';
import type { Shop } from './stores.ts';
import { deskOf } from './supplier-desk.ts';
import { sendFeed } from './supplier-stock.ts';
import type { Break } from './words.ts';

/** Puts something wrong on purpose. The sentence says what was done and what will be seen. */
export function breakSomething(realm: Realm, shops: ReadonlyMap<string, Shop>, what: Break): string {
  const now = realm.now();
  realm.say('demo', `breaks ${what}`);
  const first = realm.suppliers[0];
  if (first === undefined) return 'There is no supplier in this world.';
  const feed = (trouble: 'double' | 'half'): void => {
    deskOf(realm, first.code).feedTrouble = trouble;
    sendFeed(realm, first, false);
  };
  const desks = (among: (supplier: Character) => boolean, put: (code: string) => void): string => {
    const hit = realm.suppliers.filter(among);
    for (const { code } of hit) put(code);
    return hit.map(({ name }) => name).join(', ');
  };
  switch (what) {
    case 'supplier_silent':
      deskOf(realm, first.code).silentUntil = now + 3 * dayMs;
      return `${first.name} answers no new purchase order for three days.`;
    case 'feed_costs_double':
      feed('double');
      return `${first.name} just sent a list with every cost doubled.`;
    case 'feed_half':
      feed('half');
      return `${first.name} just sent a list with half of its rows.`;
    case 'parcel_lost': {
      const lost = loseOne(realm);
      return lost === null ? 'No parcel is on its way at the moment.' : `Parcel ${lost.number} will not be seen again.`;
    }
    case 'webhooks_fail':
      for (const { code } of shops.values()) {
        const store = realm.state.stores[code];
        if (store !== undefined) store.hooksDownUntil = now + dayMs;
      }
      return 'No store sends webhooks for a day; only asking finds the orders.';
    case 'duplicate_answers':
      return `${desks(
        () => true,
        (code) => (deskOf(realm, code).twiceUntil = now + 3 * dayMs),
      )} say everything twice for three days.`;
    case 'fraud_burst': {
      const shop = planBurst(realm, shops, now, 12);
      return `Twelve orders to one address under twelve names reach ${shop} within half an hour.`;
    }
    case 'supplier_timeouts':
      return `${desks(
        ({ transport }) => transport === 'rest',
        (code) => (deskOf(realm, code).losesUntil = now + 6 * 60 * minuteMs),
      )} take orders without answering for six hours.`;
  }
}

/** Orders of one hand under many names, one every few minutes; says in which store. */
export function planBurst(realm: Realm, shops: ReadonlyMap<string, Shop>, from: number, count: number): string {
  const shop = [...shops.values()].find(({ kind }) => kind !== 'csv');
  if (shop === undefined) return 'no store';
  const burst = realm.count('bursts');
  for (let at = 0; at < count; at += 1) realm.script.plan(from + (at + 1) * 2.5 * minuteMs, 'order.burst', { shop: shop.code, burst, at });
  return shop.name;
}

/** Everything that was broken works again. What is lost stays lost, and characters stay as they are. */
export function healAll(realm: Realm): void {
  for (const fault of Object.keys(realm.state.rates)) realm.state.rates[fault as keyof typeof realm.state.rates] = 0;
  for (const desk of Object.values(realm.state.suppliers))
    Object.assign(desk, { silentUntil: 0, losesUntil: 0, twiceUntil: 0, feedTrouble: '' });
  for (const store of Object.values(realm.state.stores)) store.hooksDownUntil = 0;
  realm.state.counters['healed'] = 1;
  realm.say('demo', 'heals');
}
