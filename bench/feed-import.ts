import { createReadStream } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { importFeed } from '#modules/catalog';
import { openDatabase } from '#platform/db';
import { systemChance, systemClock } from '#platform/time';

/** One import in a process of its own, so that its memory is only what importing takes: `url tenant supplier path expected`. */
const [url = '', tenant = '', supplierId = '', path = '', expected = '0'] = process.argv.slice(2);
const db = openDatabase({ url, clock: systemClock, chance: systemChance, connections: 2 });
const runId = await db.tx(tenant, async (tx) => tx.newId());
let most = process.memoryUsage.rss();
const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
const began = performance.now();
const outcome = await importFeed(db, tenant, {
  supplierId,
  runId,
  name: 'stock.csv',
  observedAt: db.clock.now(),
  guard: 'on',
  reflect: async () => [],
  content: { open: () => createReadStream(path, { highWaterMark: 256 * 1024 }) },
});
const took = performance.now() - began;
clearInterval(sampling);
await db.close();
if (outcome.state !== 'applied' || outcome.rows_new + outcome.rows_changed !== Number(expected))
  throw new Error(`The feed was not applied as it should be: ${JSON.stringify({ ...outcome, refused: outcome.refused.slice(0, 3) })}`);
// The most that was ever resident: as seen every hundredth of a second, or as the system counts it, whichever is more; in MB.
process.send?.({ took, memory: Math.max(most, process.resourceUsage().maxRSS * 1024) / 1e6 });
process.disconnect?.();
