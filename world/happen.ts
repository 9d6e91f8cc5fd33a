import { dropOrderFile } from './csv-store.ts';
import { dayMs, dice, hourMs } from './dice.ts';
import { hookGoes, planHooks } from './hooks.ts';
import type { Realm } from './realm.ts';
import type { Happening } from './script.ts';
import type { DueVisit } from './shops.ts';
import { changeOrder, placeBurst, placeOrder } from './store-orders.ts';
import type { Shop } from './stores.ts';
import { answerOrder, decideCancel, deskOf, type Mouth, packOrder, restockedLine, shipOrder } from './supplier-desk.ts';
import { emailMouth } from './supplier-email.ts';
import { collectFiles, fileMouth } from './supplier-file.ts';
import { restMouth } from './supplier-rest.ts';
import { sendFeed, tickStock } from './supplier-stock.ts';

type Data = Happening['data'];

/** What each kind of happening does. A kind that is not here is a mistake of whoever planned it. */
export function makeHappenings(realm: Realm, shops: ReadonlyMap<string, Shop>): (happening: Happening) => void {
  const mouths = { rest: restMouth(realm), file: fileMouth(realm), email: emailMouth(realm) };
  const text = (data: Data, name: string): string => String(data[name] ?? '');
  const shop = (data: Data): Shop => {
    const found = shops.get(text(data, 'shop'));
    if (found === undefined) throw new Error(`there is no store ${text(data, 'shop')} in this world`);
    return found;
  };
  const supplier = (data: Data): ReturnType<Realm['supplier']> => realm.supplier(text(data, 'supplier'));
  const mouth = (data: Data): Mouth => mouths[supplier(data).transport];
  const change =
    (kind: string) =>
    (data: Data): void =>
      changeOrder(realm, shop(data), text(data, 'order'), kind);
  const kinds: Record<string, (data: Data) => void> = {
    'order.place': (data) => void placeOrder(realm, shop(data), text(data, 'name')),
    'order.burst': (data) => placeBurst(realm, shop(data), Number(data['burst']), Number(data['at'])),
    'order.day': (data) => planDay(realm, shops, Number(data['count'])),
    'order.pay': change('order.pay'),
    'order.void': change('order.void'),
    'order.cancel': change('order.cancel'),
    'order.move': change('order.move'),
    'order.cut': change('order.cut'),
    hook: (data) => planHooks(realm, shop(data), text(data, 'type'), text(data, 'body')),
    'hook.go': (data) => hookGoes(realm, data),
    'csv.file': (data) => dropOrderFile(realm, shop(data)),
    'desk.answer': (data) => answerOrder(realm, mouth(data), supplier(data), text(data, 'job')),
    'desk.again': (data) => {
      const job = deskOf(realm, supplier(data).code).jobs[text(data, 'job')];
      if (job !== undefined) mouth(data).acknowledge(supplier(data), job);
    },
    'desk.pack': (data) => packOrder(realm, supplier(data), text(data, 'job')),
    'desk.ship': (data) => shipOrder(realm, mouth(data), supplier(data), text(data, 'job')),
    'desk.restocked': (data) => restockedLine(realm, mouth(data), supplier(data), text(data, 'job'), Number(data['line'])),
    'desk.cancel': (data) => decideCancel(realm, mouth(data), supplier(data), text(data, 'job')),
    'file.collect': (data) => collectFiles(realm, supplier(data)),
    'stock.tick': (data) => tickStock(realm, supplier(data)),
    'stock.feed': (data) => sendFeed(realm, supplier(data)),
    'visit.again': (data) => {
      realm.state.out.visits.push({
        ...(data as unknown as DueVisit),
        at: realm.now(),
        data: JSON.parse(text(data, 'data')) as Record<string, string>,
      });
    },
  };
  return ({ at, kind, data }) => {
    const happen = kinds[kind];
    if (happen === undefined) throw new Error(`nobody knows how "${kind}" happens`);
    realm.at(at, () => happen(data));
  };
}

/** How a day's orders spread over its hours, in UTC for shoppers in America and Europe: few at night, most in the evening. */
const byHour = [4, 3, 3, 2, 2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 6, 6, 7, 7, 8, 8, 7, 6, 5];

/** Puts so many orders into the given span, each at a likely hour and in one of the stores. */
export function planOrders(realm: Realm, shops: ReadonlyMap<string, Shop>, from: number, spanMs: number, count: number): void {
  const all = [...shops.values()];
  const heaviest = Math.max(...byHour);
  for (let one = 0; one < count; one += 1) {
    const serial = realm.count('shoppers');
    const chance = dice(realm.seed, 'when', serial);
    let at = from;
    for (let draw = 0; draw < 24; draw += 1) {
      at = from + chance.next() * spanMs;
      if (chance.next() * heaviest < (byHour[Math.floor((at % dayMs) / hourMs)] ?? 1)) break;
    }
    realm.script.plan(at, 'order.place', { shop: drawShop(all, chance.next()).code, name: `s${serial}` });
  }
}

/** The happening `order.day`: today's orders, and tomorrow the same. */
export function planDay(realm: Realm, shops: ReadonlyMap<string, Shop>, count: number): void {
  planOrders(realm, shops, realm.now(), dayMs, count);
  realm.script.plan(realm.now() + dayMs, 'order.day', { count });
}

function drawShop(all: readonly Shop[], drawn: number): Shop {
  let left = drawn * all.reduce((sum, shop) => sum + shop.weight, 0);
  for (const shop of all) {
    left -= shop.weight;
    if (left < 0) return shop;
  }
  const last = all.at(-1);
  if (last === undefined) throw new Error('this world has no stores');
  return last;
}
