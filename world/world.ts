/** The simulated outside: `makeWorld` gives all of it; see `words.ts` for what it is made of. */
import { fromMs, type Instant } from '#kernel/time';
import type { FileDrop } from '#ports/file-drop';
import { audit } from './auditor.ts';
import { breakSomething, healAll, planBurst } from './break.ts';
import { startCsvStore } from './csv-store.ts';
import { dayMs } from './dice.ts';
import { worldFetch } from './far-side.ts';
import { openDrop } from './file-drop.ts';
import { makeHappenings, planOrders } from './happen.ts';
import { takeDeliveries, wasDelivered } from './hooks.ts';
import { mailSender, ourMailbox } from './mailbox.ts';
import { makeRealm, type Realm, type SavedWorld } from './realm.ts';
import { setUp } from './setup.ts';
import { type DueDelivery, type DueVisit, emptyStore, emptySupplier } from './shops.ts';
import { inventShops, type Shop } from './stores.ts';
import { deskOf } from './supplier-desk.ts';
import { visitFailed } from './supplier-email.ts';
import { planCollection } from './supplier-file.ts';
import { feedOf, startSupplier } from './supplier-stock.ts';
import { fillIn } from './visits.ts';
import type { Delivery, Doors, FeedFile, Visit, World, WorldOptions } from './words.ts';

export type * from './words.ts';
export { breaks } from './words.ts';
export type { Books } from './books.ts';
export type { Memory } from './memory.ts';
export type { AuditHow, Finding } from './auditor.ts';

export function makeWorld(options: WorldOptions): World {
  const realm = makeRealm(options);
  const shops = inventShops(realm, realm.state.scale.kinds);
  if (options.saved === undefined) begin(realm, shops);
  const happen = makeHappenings(realm, shops);
  const { state, script, memory, trace, seed } = realm;
  const doors = makeDoors(realm, shops);
  const goOut: World['goOut'] = async (given, now) => goOutThrough(doors, given, now);
  return {
    seed,
    scale: state.scale,
    memory,
    trace,
    faults: state.faults,
    setup: () => setUp(realm, shops),
    fetch: worldFetch(realm, shops),
    drop: (code) => dropOf(realm, shops, code),
    sender: mailSender(realm),
    mailbox: ourMailbox(realm),
    nextEvent: () => {
      const { deliveries, visits, feeds } = state.out;
      if (deliveries.length + visits.length + feeds.length > 0) return fromMs(realm.now());
      const next = script.nextAt();
      return next === null ? null : fromMs(next);
    },
    step: (now) => {
      let count = 0;
      for (let next = script.take(now.epochMilliseconds); next !== null; next = script.take(now.epochMilliseconds)) {
        happen(next);
        count += 1;
      }
      return count;
    },
    ...doors,
    goOut,
    hook: (channel, url) => {
      const store = state.stores[channel];
      if (store === undefined) throw new Error(`there is no store ${channel} in this world`);
      store.hook = url;
    },
    placeOrdersOver: (days, count = state.scale.orders, andOn = false) => {
      planOrders(realm, shops, realm.now(), days * dayMs, count);
      // In every week or so of trade somebody tries stolen cards.
      for (let week = 1; week * 7 <= days; week += 1) planBurst(realm, shops, realm.now() + (week * 7 - 2.5) * dayMs, 6);
      if (andOn) script.plan(realm.now() + days * dayMs, 'order.day', { count: Math.max(1, Math.round(count / Math.max(1, days))) });
    },
    break: (what) => breakSomething(realm, shops, what),
    heal: () => healAll(realm),
    feed: (code) => feedOf(realm, realm.supplier(code), 0),
    audit: (books, { quiet, again }) =>
      audit(memory, books, { quiet, ...(again === undefined ? {} : { traces: [trace.hash(), again] as const }) }),
    save: () => {
      const whole: SavedWorld = { version: 1, state: { ...state, out: doors.unfinished() }, script: script.saved(), trace: trace.saved() };
      return JSON.stringify(whole);
    },
  };
}

function begin(realm: Realm, shops: ReadonlyMap<string, Shop>): void {
  for (const shop of shops.values()) realm.state.stores[shop.code] = emptyStore();
  for (const { code } of realm.suppliers) realm.state.suppliers[code] = emptySupplier();
  for (const shop of shops.values()) if (shop.kind === 'csv') startCsvStore(realm, shop);
  for (const supplier of realm.suppliers) startSupplier(realm, supplier);
}

function dropOf(realm: Realm, shops: ReadonlyMap<string, Shop>, code: string): FileDrop {
  const store = shops.has(code) ? realm.state.stores[code] : undefined;
  if (store !== undefined) return openDrop(realm, { owner: code, folders: store.files, onWrite: () => undefined });
  const supplier = realm.supplier(code);
  return openDrop(realm, {
    owner: code,
    folders: deskOf(realm, code).files,
    onWrite: (folder) => {
      if (folder === 'orders') planCollection(realm, supplier);
    },
  });
}

type OutDoors = Pick<World, 'deliveries' | 'delivered' | 'visits' | 'visited' | 'feeds'> & { unfinished(): Realm['state']['out'] };

/** What goes out of the world to us, and what is still out there: a saved world sends that again. */
function makeDoors(realm: Realm, shops: ReadonlyMap<string, Shop>): OutDoors {
  const { state } = realm;
  const posted = new Map<Delivery, DueDelivery>();
  const open = new Map<string, DueVisit>();
  const at = <T>(now: Instant, run: () => T): T => realm.at(now.epochMilliseconds, run);
  return {
    deliveries: (now) =>
      at(now, () =>
        takeDeliveries(realm, shops).map(({ due, delivery }) => {
          posted.set(delivery, due);
          return delivery;
        }),
      ),
    delivered: (delivery, status) => {
      const due = posted.get(delivery);
      posted.delete(delivery);
      if (due !== undefined) wasDelivered(realm, shops, due, status);
    },
    visits: (now) =>
      state.out.visits.splice(0).map((due) => {
        open.set(due.id, due);
        at(now, () => realm.say(`supplier ${due.supplier}`, `opens ${due.intent} ${due.purchase}`));
        return { id: due.id, supplier: due.supplier, purchase: due.purchase, intent: due.intent, method: 'GET', url: due.url, form: {} };
      }),
    visited: (visit, reply) => {
      const due = open.get(visit.id);
      if (due === undefined) return null;
      const next = afterVisit(realm, due, visit, reply);
      if (next === null) open.delete(visit.id);
      return next;
    },
    feeds: () =>
      state.out.feeds.splice(0).map(({ supplier, name, bytes, at: ms }) => ({
        supplier,
        name,
        bytes: new Uint8Array(Buffer.from(bytes, 'base64')),
        at: fromMs(ms),
      })),
    unfinished: () => ({
      ...state.out,
      deliveries: [...posted.values(), ...state.out.deliveries],
      visits: [...open.values(), ...state.out.visits],
    }),
  };
}

/** A page was read: its form comes next. A form was sent: done, or tried again another time. */
function afterVisit(realm: Realm, due: DueVisit, visit: Visit, { status, body }: { status: number; body: string }): Visit | null {
  realm.say(`supplier ${due.supplier}`, `${visit.method === 'GET' ? 'sees' : 'sent'} ${due.intent} ${due.purchase} ${status}`);
  const well = status >= 200 && status < 400;
  if (visit.method === 'POST' && well) return null;
  const filled = well ? fillIn(due, body) : null;
  if (filled === null) {
    visitFailed(realm, due);
    return null;
  }
  return { ...visit, method: 'POST', url: new URL(filled.action || visit.url, visit.url).toString(), form: filled.form };
}

async function goOutThrough(doors: OutDoors, given: Doors, now: Instant): Promise<number> {
  let calls = 0;
  const groups = new Map<number, Delivery[]>();
  for (const delivery of doors.deliveries(now)) groups.set(delivery.group, [...(groups.get(delivery.group) ?? []), delivery]);
  for (const group of groups.values()) {
    const statuses = await Promise.all(group.map(async (delivery) => (await given.post(delivery)).status));
    group.forEach((delivery, place) => doors.delivered(delivery, statuses[place] ?? 0));
    calls += group.length;
  }
  for (const first of doors.visits(now)) {
    for (let visit: Visit | null = first; visit !== null; calls += 1) visit = doors.visited(visit, await given.open(visit));
  }
  for (const file of doors.feeds(now)) {
    await given.feed?.(file satisfies FeedFile);
    calls += 1;
  }
  return calls;
}
