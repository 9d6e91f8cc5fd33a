import { appendFacts } from '#modules/audit';
import { beginMatching, type Matched, matchSome } from '#modules/catalog';
import type { Database } from '#platform/db';

/**
 * Looks at every offer and variant that is due, batch by batch, each in a transaction of its own: what breaks off is due again. Many
 * processes may do so at once, as what one holds the others pass over.
 */
export async function workMatches(db: Database, tenant: string, stopping: () => boolean = () => false): Promise<Matched> {
  const run = beginMatching();
  const done: Matched = { offers: 0, confirmed: 0, suggested: 0, broken: 0 };
  while (!stopping()) {
    const matched = await db.tx(tenant, (tx) => matchSome(tx, run));
    if (!matched) break;
    for (const name of ['offers', 'confirmed', 'suggested', 'broken'] as const) done[name] += matched[name];
  }
  if (done.confirmed + done.suggested + done.broken > 0) {
    await db.tx(tenant, (tx) =>
      appendFacts(tx, [{ type: 'matches.found', subject: { kind: 'tenant', id: tenant }, data: { ...done }, actor: 'step:workMatches' }]),
    );
  }
  return done;
}
