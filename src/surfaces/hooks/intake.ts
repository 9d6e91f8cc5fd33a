import { problem } from '#kernel/problem';
import type { Arrived, HooksDeps } from './deps.ts';

/**
 * Messages that come together are kept together: while one batch is being committed the next gathers, so that a crowd costs one
 * commit and a single message waits for nobody. Each is answered only after its commit.
 */
export interface Intake {
  take(tenant: string, arrived: Arrived): Promise<{ id: string; fresh: boolean }>;
}

interface Waiting {
  arrived: Arrived;
  resolve: (came: { id: string; fresh: boolean }) => void;
  reject: (error: unknown) => void;
}

const mostAtOnce = 200;
/** Beyond this the far side had better come again later. */
const mostWaiting = 5_000;
/** Two at a time: one is being written to disk while the other is being filled. */
const lanes = 2;

export function makeIntake({ db, arrive }: Pick<HooksDeps, 'db' | 'arrive'>): Intake {
  const queues = new Map<string, { waiting: Waiting[]; running: number }>();

  const commit = async (tenant: string, batch: readonly Waiting[]): Promise<void> => {
    try {
      const came = await db.tx(tenant, (tx) =>
        arrive(
          tx,
          batch.map(({ arrived }) => arrived),
        ),
      );
      batch.forEach(({ resolve, reject }, place) => {
        const own = came[place];
        if (own) resolve(own);
        else reject(new Error('an arrival was kept without an answer'));
      });
    } catch (error) {
      // One message that the database refuses must not take the others with it.
      if (batch.length > 1 && isOfContent(error)) for (const one of batch) await commit(tenant, [one]);
      else for (const { reject } of batch) reject(error);
    }
  };

  const run = async (tenant: string, queue: { waiting: Waiting[]; running: number }): Promise<void> => {
    queue.running += 1;
    while (queue.waiting.length > 0) await commit(tenant, queue.waiting.splice(0, mostAtOnce));
    queue.running -= 1;
    if (queue.running === 0 && queue.waiting.length === 0) queues.delete(tenant);
  };

  return {
    take(tenant, arrived) {
      const queue = queues.get(tenant) ?? { waiting: [], running: 0 };
      queues.set(tenant, queue);
      if (queue.waiting.length >= mostWaiting) {
        throw problem('not-ready', 'More messages wait than can be kept at the moment.', {
          fix: 'Send it again in a minute.',
          more: { retry_after: 60 },
        });
      }
      const { promise, resolve, reject } = Promise.withResolvers<{ id: string; fresh: boolean }>();
      queue.waiting.push({ arrived, resolve, reject });
      if (queue.running < lanes) void run(tenant, queue);
      return promise;
    },
  };
}

/** Classes 22 and 23 of SQLSTATE: data that cannot be kept, as against a server that cannot keep anything. */
const isOfContent = (error: unknown): boolean => /^2[23]/.test((error as { code?: string }).code ?? '');
