import { seededChance } from '#kernel/chance';
import { Fault } from '#kernel/fault';
import { fromMs } from '#kernel/time';
import { makeBreakers } from '#platform/api';
import type { ChannelDoor, ChannelOrder } from '#ports/channel';
import type { StoreKind } from '#ports/store';
import { openStore } from '#app/stores';
import { findStoreKind } from '#connectors/stores';
import { type Bench, open } from '#world/bench';
import { type Exchange, recording } from './exchange.ts';
import type { Outside, Shared } from '#app/wire';

/** Pauses between tries are over at once; the end of a call's time never comes. */
const quick = async (ms: number): Promise<void> => {
  if (ms >= 15_000) await new Promise(() => undefined);
};

/** Goes on when the store says that it may, as steps do. */
function patient(door: ChannelDoor, clock: { at: number }): ChannelDoor {
  const wait =
    (call: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]): Promise<unknown> => {
      for (let time = 1; ; time += 1) {
        try {
          return await call(...args);
        } catch (error) {
          if (!(error instanceof Fault) || error.kind !== 'transient' || error.retryAfterMs === undefined || time > 50) throw error;
          clock.at += error.retryAfterMs;
        }
      }
    };
  return Object.fromEntries(
    Object.entries(door).map(([name, call]) => [name, name === 'since' ? call : wait(call as never)]),
  ) as unknown as ChannelDoor;
}

export interface StoreBench extends Bench {
  kind: StoreKind;
  door: ChannelDoor;
  /** Everything that went over the wire so far. */
  exchanges: readonly Exchange[];
  /** What a person typed to connect the first store. */
  typed: { settings: Record<string, string>; secrets: Record<string, string> };
  /** All orders there are, from this cursor on, and where it ended. */
  sweep(cursor?: string): Promise<{ orders: ChannelOrder[]; cursor: string }>;
}

/** A world whose first store is of this kind, its door, and `count` orders placed in it over two days. */
export function storeBench(name: string, count = 12): StoreBench {
  const kind = findStoreKind(name);
  if (!kind) throw new Error(`no kind of store ${name}`);
  const bench = open({ scale: { stores: 1, products: 60, suppliers: 3, kinds: [name] } });
  const { world, clock } = bench;
  const [channel] = world.setup().channels;
  if (!channel) throw new Error('no store');
  const now = { now: () => fromMs(clock.at) };
  const shared = {
    options: { clock: now, chance: seededChance(1), sleep: quick },
    breakers: makeBreakers(now),
  } as unknown as Shared;
  const { fetch, exchanges } = recording(world.fetch);
  const outside = { fetch } as unknown as Outside;
  const door = patient(openStore({ tenant: 't', channel, secrets: channel.secrets }, outside, shared), clock);
  if (count > 0) {
    world.placeOrdersOver(2, count);
    bench.pass(49);
  }
  return {
    ...bench,
    kind,
    door,
    exchanges,
    typed: channel,
    sweep: async (from = '') => {
      const orders: ChannelOrder[] = [];
      let cursor = from;
      for (let page = 0; page < 500; page += 1) {
        const polled = await door.orders(cursor, 100);
        for (const document of polled.documents) orders.push(...kind.read({ ...document, headers: {} }, channel));
        cursor = polled.cursor;
        if (!polled.more) return { orders, cursor };
      }
      throw new Error('the sweep has no end');
    },
  };
}
