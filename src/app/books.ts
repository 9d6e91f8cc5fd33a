import type { Books } from '#world/world';
import { seal, verifyChain } from '#modules/audit';
import { tenantBooks } from '#modules/insight';
import type { Program } from './program.ts';

/** The program's own state in one go, for the auditor; facts are sealed first, so that the chain covers all of them. */
export async function booksOf({ db }: Program, tenant: string): Promise<Books> {
  while ((await db.tx(tenant, (tx) => seal(tx))) > 0);
  return db.tx(tenant, async (tx) => ({ ...(await tenantBooks(tx)), at: tx.now, chain: await verifyChain(tx) }) as unknown as Books);
}
