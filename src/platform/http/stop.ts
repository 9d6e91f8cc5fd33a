import type { Sleep } from '#platform/time';

/** What can be closed: resolves once all that was begun has ended. Fastify is one. */
export interface Stoppable {
  close(): PromiseLike<unknown>;
  /** Node's server below it, to end connections that do not end themselves. */
  server?: { closeIdleConnections(): void; closeAllConnections(): void };
}

/**
 * Takes nothing new, lets what runs come to its end for at most `ms`, then cuts it off. Says which of the two it was. Whoever
 * holds a connection open on purpose (a live stream) ends it in `preClose`.
 */
export async function stopGracefully(stoppable: Stoppable, ms: number, sleep: Sleep): Promise<'ended' | 'cut off'> {
  const enough = new AbortController();
  const late = sleep(ms, enough.signal).then(
    () => 'cut off' as const,
    () => 'ended' as const,
  );
  const closing = Promise.resolve(stoppable.close()).then(() => 'ended' as const);
  void endIdle(stoppable, enough.signal, sleep);
  const first = await Promise.race([closing, late]);
  enough.abort();
  if (first === 'cut off') {
    stoppable.server?.closeAllConnections();
    // Cutting off ends the close as well; its failure is of no use to anybody now.
    void closing.catch(() => {});
  }
  return first;
}

/** A connection whose request has ended just now stays open for the next one, which would hold up the end: such are ended as they come. */
async function endIdle({ server }: Stoppable, until: AbortSignal, sleep: Sleep): Promise<void> {
  while (server && !until.aborted) {
    server.closeIdleConnections();
    await sleep(100, until).catch(() => {});
  }
}
