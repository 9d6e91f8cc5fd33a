import fastify from 'fastify';
import { restKind } from '#connectors/stores/rest';
import { openDatabase } from '#platform/db';
import { arrive } from '#platform/inbox';
import { silentLog } from '#platform/log';
import { systemChance, systemClock } from '#platform/time';
import { sharedBell } from '#platform/work';
import { hooksPlugin } from '#surfaces/hooks';

/** The process that takes webhooks in: started by the bench with the database's address and the secret, says its port. */
const [url = '', secret = ''] = process.argv.slice(2);

const db = openDatabase({
  url,
  clock: systemClock,
  chance: systemChance,
  connections: 8,
  // As the program does: the step that reads arrivals is woken with every batch.
  beforeCommit: (tx) => sharedBell.ring(tx, ['readArrival']),
});
const app = fastify();
await app.register(
  hooksPlugin({
    db,
    arrive,
    clock: systemClock,
    log: silentLog,
    ownerOf: async (_tx, subject) => ({
      source: `channel:${subject}`,
      keeps: restKind.keeps,
      hear: (call) => restKind.hear?.({ ...call, settings: {}, secrets: [{ webhookSecret: secret }] }) ?? { what: 'forged', why: '' },
    }),
  }),
  { prefix: '/hooks' },
);
const address = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(address);
process.once('SIGTERM', () => {
  void app
    .close()
    .then(() => db.close())
    .then(() => process.exit(0));
});
