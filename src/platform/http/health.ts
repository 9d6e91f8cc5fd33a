import type { FastifyInstance } from 'fastify';

/** One thing without which we cannot work; rejects when it is not there. */
export interface Check {
  name: string;
  run: () => Promise<unknown>;
}

const checkMs = 2_000;

/**
 * `/health/live`: the process answers. `/health/ready`: it can work as well; 503 names what is missing, and nothing about it.
 * `stopping` turns readiness off before the door closes, so that a balancer sends nobody any more.
 */
export function healthRoutes(
  server: FastifyInstance,
  { checks, stopping = () => false }: { checks: readonly Check[]; stopping?: () => boolean },
): void {
  server.get('/health/live', { logLevel: 'silent' }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'live' }),
  );
  server.get('/health/ready', { logLevel: 'silent' }, async (_request, reply) => {
    const missing = stopping() ? ['stopping'] : (await Promise.all(checks.map(failed))).filter((name) => name !== null);
    return reply
      .header('cache-control', 'no-store')
      .code(missing.length === 0 ? 200 : 503)
      .send(missing.length === 0 ? { status: 'ready' } : { status: 'not-ready', missing });
  });
}

async function failed({ name, run }: Check): Promise<string | null> {
  const late = AbortSignal.timeout(checkMs);
  const tooLate = new Promise<never>((_resolve, reject) =>
    late.addEventListener('abort', () => reject(new Error('too late')), { once: true }),
  );
  try {
    await Promise.race([run(), tooLate]);
    return null;
  } catch {
    return name;
  }
}
