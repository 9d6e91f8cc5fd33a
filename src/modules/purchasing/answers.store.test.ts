import { describe, expect, it } from 'vitest';
import { acceptFor, draft } from './index.ts';
import { desk, id, inTx, openDesk, order, pass, run, started } from '../../../test/setup/purchase-desk.ts';
import {
  accepted,
  acknowledged,
  answered,
  documents,
  drafted,
  lines,
  load,
  queued,
  rejected,
  sent,
  ship,
  take,
} from '../../../test/setup/purchase-says.ts';

openDesk();

describe('answers', () => {
  it('are folded line by line, kept with the purchase order, and told once however often they come', async () => {
    const made = await sent();
    const said = () =>
      answered(
        acknowledged(
          made.number.toLowerCase(),
          [
            { sku: 'a-1', response: 'short', quantity: 1, reason: 'low' },
            { position: 2, response: 'accepted' },
          ],
          { at: started, reference: 'other' },
        ),
      );
    const first = await take(said());
    expect(await lines(made.id)).toEqual([
      ['short', 1, 2, 0],
      ['accepted', 2, 0, 0],
    ]);
    expect(first).toMatchObject({
      refused: [{ order_id: order, allocation_id: id(200), quantity: 2 }],
      touched: [order],
      raise: [],
      resolve: [{ kind: 'purchase_not_acknowledged', subject: made.id }],
      facts: [
        {
          type: 'purchase.answered',
          actor: `supplier:${desk.kestrel}`,
          data: {
            lines: [
              { sku: 'A-1', response: 'short', quantity: 1 },
              { sku: 'B-2', response: 'accepted', quantity: 2 },
            ],
          },
        },
      ],
    });
    const before = await load(made.id);
    expect(before).toMatchObject({ acknowledged_at: desk.now, reference: 'K-77' });
    pass(1);
    expect(await take(said(), said())).toEqual({
      orders: [before?.order_id],
      facts: [],
      raise: [],
      resolve: [],
      touched: [],
      refused: [],
      shipments: [],
    });
    expect(await load(made.id)).toEqual(before);
    expect((await documents(made.id)).map(({ kind }) => kind)).toContain('in acknowledgement');
  });

  it('of a whole batch cost as many statements as one', async () => {
    const made = await inTx((tx) =>
      draft(
        tx,
        Array.from({ length: 30 }, () => drafted()),
      ),
    );
    await run('placePurchase');
    const [first, ...rest] = made.map(({ number }) => answered(accepted(number)));
    if (!first) throw new Error('nothing was drafted');
    desk.statements.length = 0;
    await take(first);
    const alone = desk.statements.length;
    desk.statements.length = 0;
    await take(...rest);
    expect(desk.statements.length).toBe(alone);
  });

  it('count only for purchase orders of the one who answers', async () => {
    const made = await sent();
    const taken = await take(answered(rejected(made.number), desk.pinecrest));
    expect(taken).toMatchObject({
      facts: [],
      refused: [],
      touched: [],
      raise: [
        {
          kind: 'answer_unmatched',
          subject: { kind: 'arrival' },
          concerns: { supplier: desk.pinecrest },
          title: expect.stringContaining('never ordered from them'),
        },
      ],
    });
    expect(taken.raise[0]?.concerns).not.toHaveProperty('order');
    expect(await lines(made.id)).toEqual([
      [null, 0, 0, 0],
      [null, 0, 0, 0],
    ]);
    expect((await documents(made.id)).map(({ kind }) => kind)).toEqual(['out purchase-order']);
  });

  it('that fit no line, contradict themselves or leave out a number are told in one sentence, and the rest is taken', async () => {
    const made = await sent();
    const { raise } = await take(
      answered(
        acknowledged(made.number, [
          { position: 9, response: 'accepted' },
          { position: 1, sku: 'B-2', response: 'rejected' },
          { position: 1, response: 'short' },
          { position: 2, response: 'accepted', quantity: 7 },
        ]),
      ),
    );
    expect(raise).toHaveLength(1);
    expect(raise[0]?.evidence).toMatchObject({
      why: [
        `${made.number} has no line 9`,
        `${made.number} has no line 1, B-2`,
        `line 1 of ${made.number} falls short, and it does not say of how many units`,
        `it speaks of 7 units of line 2 of ${made.number}, of which 2 were ordered`,
      ],
    });
    expect(await lines(made.id)).toEqual([
      [null, 0, 0, 0],
      ['accepted', 2, 0, 0],
    ]);
  });

  it('by an SKU that two lines have are shared between them', async () => {
    const made = await queued(desk.kestrel, [
      ['A-1', 3],
      ['A-1', 2],
    ]);
    await run('placePurchase');
    await take(answered(acknowledged(made.number, [{ sku: 'A-1', response: 'short', quantity: 4 }])));
    expect(await lines(made.id)).toEqual([
      ['accepted', 3, 0, 0],
      ['short', 1, 1, 0],
    ]);
  });

  it('that promise what was refused, or refuse what is on its way, are told to a person', async () => {
    const made = await sent();
    await take(
      answered(
        acknowledged(made.number, [
          { position: 1, response: 'rejected' },
          { position: 2, response: 'accepted' },
        ]),
      ),
    );
    await ship(made.id, 2, 2);
    pass(1);
    const { raise, refused } = await take(
      answered(
        acknowledged(made.number, [
          { position: 1, response: 'accepted' },
          { position: 2, response: 'rejected' },
        ]),
      ),
    );
    expect(refused).toEqual([]);
    expect(raise).toMatchObject([
      {
        kind: 'late_acceptance',
        subject: { id: made.id },
        fixes: [{ action: 'ask-cancel' }, { action: 'keep' }],
        title: `Kestrel contradicts itself about ${made.number}: 3 × A-1 (line 1), which had been refused or cancelled, are accepted now; 2 × B-2 (line 2), which are on the way already, are refused now.`,
      },
    ]);
    expect(await lines(made.id)).toEqual([
      ['rejected', 0, 3, 0],
      ['accepted', 2, 0, 2],
    ]);
  });

  it('with another article or price wait for a person, once for the purchase order', async () => {
    const made = await sent();
    const { raise } = await take(
      answered(
        acknowledged(made.number, [
          { position: 1, response: 'substituted', reason: 'A-1b' },
          { position: 2, response: 'repriced' },
        ]),
      ),
    );
    expect(raise).toMatchObject([
      {
        kind: 'supplier_changed',
        title: `Kestrel offers another article for A-1 (line 1): A-1b; another price for B-2 (line 2) of ${made.number}.`,
      },
    ]);
    await run('followPurchase');
    expect((await load(made.id)).response).toBe('changed');
    await inTx((tx) => acceptFor(tx, made.id));
    await run('followPurchase');
    expect(await load(made.id)).toMatchObject({ response: 'accepted', transmission: 'acknowledged' });
    expect(desk.resolved).toContain('supplier_changed');
  });

  it('come to the same before and after the ship notice', async () => {
    const say = (number: string) =>
      take(
        answered(
          acknowledged(
            number,
            [
              { position: 1, response: 'short', quantity: 2 },
              { position: 2, response: 'accepted' },
            ],
            { at: started },
          ),
        ),
      );
    const [one, other] = [await sent(), await sent()];
    await say(one.number);
    await ship(one.id, 1, 1);
    pass(2);
    await ship(other.id, 1, 1);
    expect(await lines(other.id)).toEqual([
      ['accepted', 3, 0, 1],
      [null, 0, 0, 0],
    ]);
    await say(other.number);
    expect(await lines(other.id)).toEqual(await lines(one.id));
    expect(await lines(one.id)).toEqual([
      ['short', 2, 1, 1],
      ['accepted', 2, 0, 0],
    ]);
  });

  it('about many purchase orders in one list leave with each only its own part', async () => {
    const [one, other] = [await sent(), await sent()];
    const list = { arrivalId: id(8_000), document: { name: 'acks.csv', type: 'text/csv', bytes: Buffer.from('a long list') } };
    await take(answered(accepted(one.number), desk.kestrel, list), answered(rejected(other.number), desk.kestrel, list));
    const kept = (await documents(other.id)).find(({ kind }) => kind === 'in acknowledgement');
    expect(kept).toMatchObject({ name: 'acks.csv, the part about it' });
    expect(JSON.parse(kept?.text ?? '')).toMatchObject({ purchase: other.number, all: 'rejected' });
  });
});
