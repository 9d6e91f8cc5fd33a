import { release } from '#modules/catalog';
import { raise, resolve } from '#modules/exceptions';
import { touch } from '#modules/orders';
import { type AnswersTaken, recordShipped, type Refused } from '#modules/purchasing';
import { giveBack } from '#modules/routing';
import { takeShipments } from '#modules/shipping';
import type { Tx } from '#platform/db';
import type { Given } from './far.ts';
import { tell } from './reactions.ts';

/** Units that will not come from a supplier: their allocations end, the offers' stock is free again, the orders are looked at. */
export async function takeBack(tx: Tx, refused: readonly Refused[]): Promise<void> {
  if (refused.length === 0) return;
  await release(tx, await giveBack(tx, refused));
  await touch(tx, [...new Set(refused.map(({ order_id }) => order_id))]);
}

/** Everything that follows from what suppliers said, in the transaction in which it was taken in. */
export async function settleAnswers(tx: Tx, given: Given, taken: AnswersTaken): Promise<void> {
  const shipped = await takeShipments(tx, taken.shipments);
  await recordShipped(tx, shipped.shipped);
  await takeBack(tx, taken.refused);
  await tell(
    tx,
    given,
    [...taken.facts, ...shipped.facts].map((fact) => ({ ...fact, actor: fact.actor ?? 'step:readArrival' })),
  );
  await raise(tx, [...taken.raise, ...shipped.raise]);
  await resolve(tx, taken.resolve);
  await touch(tx, [...new Set([...taken.touched, ...shipped.parcels.map(({ order_id }) => order_id)])]);
}
