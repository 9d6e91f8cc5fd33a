import { type Instant, isBefore, msBetween } from '#kernel/time';
import { appendFacts } from '#modules/audit';
import {
  carryOut,
  type CatalogFacts,
  decideHeld,
  endPublication,
  everythingTouched,
  factsOf,
  factsStamp,
  findPublication,
  heldPrices,
  livePricePolicy,
  nextDuePublication,
  priceEverything,
  type ToldOfHeld,
  windowCrossed,
} from '#modules/catalog';
import { latestOf, raise, resolve } from '#modules/exceptions';
import type { Database, Tx } from '#platform/db';

/** The facts of a catalog, kept for somebody who tries rules on them: reading them is most of the work of a preview. */
export interface PriceDesk {
  facts(tx: Tx): Promise<{ facts: CatalogFacts; readAt: Instant }>;
}

/** What is published is decided on what is so then, so facts for trying may be a little old. */
const keptMs = 180_000;
const mostKept = 3;

export function makePriceDesk(): PriceDesk {
  const kept = new Map<string, { stamp: string; readAt: Instant; facts: Promise<CatalogFacts> }>();
  return {
    facts: async (tx) => {
      const stamp = await factsStamp(tx);
      const known = kept.get(tx.tenant);
      const isFresh = known && known.stamp === stamp && !isBefore(tx.now, known.readAt) && msBetween(known.readAt, tx.now) < keptMs;
      if (isFresh) {
        const facts = await known.facts.catch(() => null);
        if (facts) return { facts, readAt: known.readAt };
      }
      const made = { stamp, readAt: tx.now, facts: factsOf(tx) };
      kept.delete(tx.tenant);
      kept.set(tx.tenant, made);
      for (const tenant of [...kept.keys()].slice(0, -mostKept)) kept.delete(tenant);
      return { facts: await made.facts, readAt: made.readAt };
    },
  };
}

/**
 * What the clock brings: publications that are due, and windows of rules that open or close. Once a minute; many processes may do it
 * at once, as each publication is locked by who works on it.
 */
export async function followPrices(db: Database, tenant: string): Promise<{ published: number; failed: number }> {
  const done = { published: 0, failed: 0 };
  for (;;) {
    const outcome = await nextPublication(db, tenant);
    if (outcome === null) break;
    done[outcome] += 1;
  }
  await db.tx(tenant, async (tx) => {
    const { policy, windows_at } = await livePricePolicy(tx);
    if (!windows_at || !windowCrossed(policy, windows_at, tx.now)) return;
    const { changed, held } = await priceEverything(tx, 'step:followPrices');
    if (changed > 0) await everythingTouched(tx, false);
    await tellChanged(tx, { because: 'a rule began or ended', changed, held });
  });
  await db.tx(tenant, tellHeld);
  return done;
}

/** Held prices stand in the inbox, one card a store, as long as there are any. */
export async function tellHeld(tx: Tx): Promise<void> {
  const latest = [...(await latestOf(tx, 'prices_held'))].map(([channel, { state, evidence, resolvedBy }]): [string, ToldOfHeld] => [
    channel,
    { isOpen: state !== 'resolved', count: Number(evidence['held'] ?? 0), byPerson: resolvedBy.startsWith('person:') },
  ]);
  const { raise: raised, over } = decideHeld(await heldPrices(tx), new Map(latest), tx.now);
  await raise(tx, raised);
  await resolve(
    tx,
    over.map((subject) => ({ kind: 'prices_held', subject, how: 'None is held any more.', actor: 'step:followPrices' })),
  );
}

async function nextPublication(db: Database, tenant: string): Promise<'published' | 'failed' | null> {
  let id: string | null = null;
  try {
    const published = await db.tx(tenant, async (tx) => {
      id = await nextDuePublication(tx);
      const publication = id === null ? null : await findPublication(tx, id);
      if (!publication) return null;
      const { changed, leftOut } = await carryOut(tx, publication);
      await tellChanged(tx, { because: 'it was scheduled', changed, leftOut: leftOut.reduce((sum, { count }) => sum + count, 0) });
      return changed;
    });
    return published === null ? null : 'published';
  } catch (error) {
    const broken = id as string | null;
    if (broken === null) throw error;
    // It is not tried for ever: a person sees it among the publications, with why.
    await db.tx(tenant, (tx) => endPublication(tx, broken, 'failed', (error as Error).message));
    return 'failed';
  }
}

const tellChanged = (tx: Tx, data: Record<string, unknown>): Promise<unknown> =>
  appendFacts(tx, [{ type: 'prices.changed', subject: { kind: 'tenant', id: tx.tenant }, data, actor: 'step:followPrices' }]);
