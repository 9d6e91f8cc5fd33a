import { doorsOf } from './doors.ts';
import { begin } from './begin.ts';
import { readKept } from './demo.ts';
import { besideProgram, clockOf, demoFile, demoProgram, demoTenant, openWorld } from './demo-stage.ts';
import { makeServer } from './server.ts';
import type { Answer, Asked, Told } from './past-desk.ts';
import { makeMetrics } from '#platform/metrics';
import { systemClock } from '#platform/time';

/**
 * Plays the past of the demo world in a process of its own, since what it fills its memory with is needed once only. It tells the
 * process that began it how far it is, does what is asked of the demo meanwhile, and ends when the past is played, or when it is alone.
 */
const [publicUrl = ''] = process.argv.slice(2);
/** Nobody listens any more when the other process is gone; the world is put away all the same. */
const tell = (told: Told): void => void (process.connected && process.send?.(told, undefined, undefined, () => {}));
let isEnough = false;
process.once('disconnect', () => {
  isEnough = true;
});

const begun = await begin((line) => tell({ what: 'line', line }));
const file = demoFile(begun);
const kept = readKept(file);
const clock = clockOf(kept);
const held = { world: openWorld(kept, clock) };
const program = demoProgram(begun, { held, clock, publicUrl, bells: { on: false } });
const tenant = await demoTenant(program, kept, held.world, (line) => tell({ what: 'line', line }));
const doors: Parameters<typeof besideProgram>[1]['doors'] = { now: null };
const demo = besideProgram(begun, { program, tenant, world: held.world, clock, doors });
const server = await makeServer({
  program,
  realClock: systemClock,
  log: begun.log,
  metrics: makeMetrics({ ofProcess: false }),
  onlyTenant: tenant,
});
doors.now = doorsOf(server, publicUrl);
process.on('message', (asked: Asked) => void answer(asked));
tell({ what: 'open', tenant, offsetMs: clock.offsetMs() });
await demo.catchUp(() => {
  tell({ what: 'clock', offsetMs: clock.offsetMs() });
  return isEnough;
});
tell({ what: 'clock', offsetMs: clock.offsetMs() });
await server.close();
await program.close();
await begun.stop();
process.exit(0);

async function answer(asked: Asked): Promise<void> {
  if (asked.method === 'stop') {
    isEnough = true;
    return;
  }
  const reply: Answer = await doAsked(asked).then(
    (state) => ({ what: 'answer', id: asked.id, state }),
    (error: Error) => ({ what: 'answer', id: asked.id, error: error.message }),
  );
  tell(reply);
}

function doAsked(asked: Asked) {
  if (asked.method === 'advance') return demo.advance(tenant, Number(asked.with));
  if (asked.method === 'run') return demo.run(tenant, asked.with === null ? null : Number(asked.with));
  if (asked.method === 'break') return demo.break(tenant, String(asked.with));
  return demo.state(tenant);
}
