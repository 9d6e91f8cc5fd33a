import { moveOrders } from '#modules/orders';
import type { Tx } from '#platform/db';
import { wakeReaders } from '#platform/work';

/** A person moves an order into a state from which a step takes it at once. */
export async function moveOrder(tx: Tx, id: string, state: 'received' | 'accepted', status: string): Promise<void> {
  await moveOrders(tx, [id], state, status);
  wakeReaders(tx, 'order', new Set([state]));
}
