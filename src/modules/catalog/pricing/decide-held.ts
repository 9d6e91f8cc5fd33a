import { after, type Instant } from '#kernel/time';
import type { NewException } from '#platform/work';

/** Prices of a store that stay as they are since new ones cannot be trusted. */
export interface HeldPrices {
  channel_id: string;
  code: string;
  name: string;
  count: number;
  /** Some of them, each in a sentence with its SKU. */
  examples: string[];
}

/** What a person was told of them last. */
export interface ToldOfHeld {
  isOpen: boolean;
  /** How many there were. */
  count: number;
  /** A person has said to leave them. */
  byPerson: boolean;
}

/**
 * Who has to be told of held prices, and of which stores it is over. It is said again when there are others than last time; after a
 * person has left them as they are, only when they become more.
 */
export function decideHeld(
  held: readonly HeldPrices[],
  told: ReadonlyMap<string, ToldOfHeld>,
  now: Instant,
): { raise: NewException[]; over: string[] } {
  const stillHeld = new Set(held.map(({ channel_id }) => channel_id));
  return {
    raise: held.flatMap((one) => {
      const last = told.get(one.channel_id);
      const isKnown = last?.isOpen === true && last.count === one.count;
      const isLeft = last !== undefined && !last.isOpen && last.byPerson && one.count <= last.count;
      return isKnown || isLeft ? [] : [pricesHeld(one, now)];
    }),
    over: [...told].flatMap(([channel, { isOpen }]) => (isOpen && !stillHeld.has(channel) ? [channel] : [])),
  };
}

const pricesHeld = ({ channel_id, code, name, count, examples }: HeldPrices, now: Instant): NewException => ({
  kind: 'prices_held',
  subject: { kind: 'channel', id: channel_id },
  cause: `prices_held:${code}`,
  title:
    `${count} ${count === 1 ? 'price' : 'prices'} of ${name} ${count === 1 ? 'stays' : 'stay'} as ${count === 1 ? 'it is' : 'they are'}: ${examples.join(' ')}`.slice(
      0,
      500,
    ),
  detail: 'A new one could not be trusted. They stand under Pricing, Held, each with its reason; there each can be accepted.',
  evidence: { held: count },
  fixes: [{ action: 'dismiss', label: 'Leave the prices', effect: 'It is told again when more of them are held.' }],
  due: after(now, { hours: 24 }),
  concerns: { channel: channel_id },
});
