import type { Figure } from './figure.ts';
import { table } from './figure.ts';

/** `stockless bench orders|webhook|feed|matching|pages|pricing|listings|formats [--json] [name=number …]`: one figure a command, each with its bar. */
type Run = (options: Readonly<Record<string, number>>) => Promise<Figure[]>;

const benches: Record<string, () => Promise<{ run: Run }>> = {
  orders: () => load('./orders.ts'),
  webhook: () => load('./webhook.ts'),
  feed: () => load('./feed.ts'),
  pages: () => load('./pages.ts'),
  start: () => load('./start.ts'),
  matching: () => load('./matching.ts'),
  pricing: () => load('./pricing.ts'),
  listings: () => load('./listings.ts'),
  formats: () => load('./formats.ts'),
};

const load = (path: string): Promise<{ run: Run }> => import(path) as Promise<{ run: Run }>;

const given = process.argv.slice(2);
const asJson = given.includes('--json');
const names = given.filter((word) => word in benches);
const options = Object.fromEntries(
  given.flatMap((word) => {
    const [, name = '', value = ''] = /^(?:--)?(\w+)=(\d+(?:\.\d+)?)$/.exec(word) ?? [];
    return name === '' ? [] : [[name, Number(value)]];
  }),
);
const strange = given.filter((word) => word !== '--json' && !(word in benches) && !/^(?:--)?\w+=\d+(?:\.\d+)?$/.test(word));
if (strange.length > 0 || names.length === 0) {
  console.error(`Say which: ${Object.keys(benches).join(', ')}. ${strange.length > 0 ? `"${strange.join(' ')}" is none of them.` : ''}`);
  process.exit(2);
}

let missed = false;
for (const name of names) {
  const bench = await benches[name]?.();
  const figures = (await bench?.run(options)) ?? [];
  missed ||= figures.some(({ ratio }) => ratio !== null && ratio > 1);
  if (asJson) for (const one of figures) console.log(JSON.stringify(one));
  else console.log(`${name}\n${table(figures)}\n`);
}
process.exitCode = missed ? 1 : 0;
