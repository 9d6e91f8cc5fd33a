import type { StoreBench } from './bench.ts';

/** Everything that a connector does in the life of a store, once: for looking at what goes over the wire. */
export async function doEverything({ door, sweep, world, pass }: StoreBench): Promise<void> {
  await door.probe?.();
  await door.listen?.('https://us.test/hooks/abcdefghijklmnopqrstuvwxyz', `whsec_${Buffer.alloc(32, 5).toString('base64')}`);
  world.placeOrdersOver(1, 20);
  pass(40);
  const { orders } = await sweep();
  const open = orders.filter(({ cancelledAt, payment }) => cancelledAt === null && payment === 'paid');
  const [one, other] = open;
  if (!one || !other) throw new Error('too few orders');
  await door.named?.([one.externalId, other.externalId]);
  const report = {
    orderExternalId: one.externalId,
    carrier: 'ups',
    number: '1Z999AA10123456784',
    trackingUrl: 'https://us.test/t/1',
    lines: one.lines.map(({ externalId, quantity }) => ({ externalId, quantity })),
  };
  await door.reportShipment(report, 'report:1');
  await door.whatBecameOf(report, 'report:1');
  const { rows } = await door.published('', one.currency);
  await door.publish(
    rows.slice(0, 30).map((row, place) => ({ ...row, quantity: place, priceMinor: 1_500n, compareMinor: place % 2 === 0 ? 2_000n : null })),
    one.currency,
    'push:1',
  );
  const sayings = [
    { kind: 'note', text: 'Ordered from the supplier.' },
    { kind: 'tag', tags: ['dropship'] },
    { kind: 'refund', lines: [{ externalId: other.lines[0]?.externalId ?? '', quantity: 1 }], amountMinor: 100n, note: 'Out of stock' },
    { kind: 'cancel', reason: 'Out of stock' },
  ] as const;
  for (const saying of sayings) {
    const said = { ...saying, lines: 'lines' in saying ? [...saying.lines] : [], tags: 'tags' in saying ? [...saying.tags] : [] } as never;
    await door.whatBecameOfSaying?.(other.externalId, said, `say:${saying.kind}`).catch(() => {});
    await door.say?.(other.externalId, said, `say:${saying.kind}`).catch(() => {});
  }
}
