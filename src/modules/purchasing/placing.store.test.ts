import { describe, expect, it } from 'vitest';
import { Fault } from '#kernel/fault';
import { after } from '#kernel/time';
import { draft, purchase } from './index.ts';
import { desk, inTx, letDays, openDesk, pass, run, started } from '../../../test/setup/purchase-desk.ts';
import { acknowledged, answered, documents, drafted, load, rejected, sent, ship, take } from '../../../test/setup/purchase-says.ts';

openDesk();

describe('drafting', () => {
  it('writes a whole batch in two statements, under numbers of their own', async () => {
    desk.statements.length = 0;
    const made = await inTx((tx) =>
      draft(
        tx,
        Array.from({ length: 40 }, () => drafted()),
      ),
    );
    expect(desk.statements.filter((text) => /insert into purchasing/.test(text))).toHaveLength(2);
    expect(desk.statements.filter((text) => /purchasing/.test(text))).toHaveLength(2);
    expect(new Set(made.map(({ number }) => number)).size).toBe(40);
    const first = await load(made[0]?.id ?? '');
    expect(first).toMatchObject({
      number: expect.stringMatching(/^PO-\d{6,}$/),
      transmission: 'queued',
      response: 'awaited',
      cost_minor: 1_250n,
      order_number: '#1042',
    });
    expect(first.lines.map(({ position, supplier_sku, quantity }) => [position, supplier_sku, quantity])).toEqual([
      [1, 'A-1', 3],
      [2, 'B-2', 2],
    ]);
  });

  it('loads a batch in as many statements as one', async () => {
    const made = await inTx((tx) =>
      draft(
        tx,
        Array.from({ length: 30 }, () => drafted()),
      ),
    );
    desk.statements.length = 0;
    await inTx((tx) =>
      purchase.load(
        tx,
        made.map((each) => each.id),
      ),
    );
    expect(desk.statements.filter((text) => /from (purchasing|suppliers)/.test(text)).length).toBeLessThanOrEqual(3);
  });
});

describe('placing', () => {
  it('keeps the very document that went out, their number of it and when the answer is due', async () => {
    const made = await sent();
    expect(await load(made.id)).toMatchObject({
      transmission: 'sent',
      reference: 'K-77',
      sent_at: started,
      ack_due_at: after(started, { hours: 24 }),
    });
    expect(await documents(made.id)).toEqual([{ kind: 'out purchase-order', name: 'PO.csv', text: 'po,1' }]);
    expect(desk.facts).toEqual(['purchase.sent']);
  });

  it('says the same again after a passing trouble, under the same key', async () => {
    desk.wire.place = async () => Promise.reject(new Fault('transient', 'http-503', 'They are down.'));
    await sent();
    pass(1);
    await run('placePurchase');
    expect(desk.asked).toHaveLength(2);
    expect(desk.asked[1]).toEqual(desk.asked[0]);
  });

  it('tells a person why it was refused, and who may take it instead', async () => {
    desk.wire.place = async () => Promise.reject(new Fault('refused', 'http-422', 'unknown_sku: A-1'));
    const made = await sent();
    expect((await load(made.id)).transmission).toBe('failed');
    expect(desk.raised).toMatchObject([
      {
        kind: 'purchase_failed',
        title: `Kestrel did not take ${made.number}: unknown_sku: A-1`,
        evidence: { code: 'http-422' },
        fixes: [{ action: 're-route' }, { action: 'try-again' }],
      },
    ]);
  });

  it('in doubt asks a person, and does not say it again', async () => {
    desk.wire.place = async () => Promise.reject(new Fault('unknown', 'timeout', 'no answer within 30 s'));
    desk.wire.lookUp = async () => ({ outcome: 'ask-a-person', why: 'a mail cannot be looked up.' });
    const made = await sent(desk.pinecrest);
    await letDays('placePurchase', 3);
    expect(desk.asked).toHaveLength(1);
    expect((await load(made.id)).transmission).toBe('unknown');
    expect(desk.raised).toMatchObject([
      { kind: 'purchase_unconfirmed', fixes: [{ action: 'it-arrived' }, { action: 'it-did-not' }, { action: 'ask-again' }] },
    ]);
  });
});

describe('following', () => {
  it('reminds a silent supplier once, then tells a person, then waits', async () => {
    const made = await sent();
    await run('followPurchase');
    expect(desk.facts).toEqual(['purchase.sent']);
    await letDays('followPurchase', 1);
    expect(desk.facts).toEqual(['purchase.sent', 'purchase.reminded']);
    expect(desk.raised).toEqual([]);
    await letDays('followPurchase', 5);
    expect(desk.facts).toEqual(['purchase.sent', 'purchase.reminded']);
    expect(desk.raised.map(({ kind, title }) => [kind, title])).toEqual([
      ['purchase_not_acknowledged', `Kestrel has not answered ${made.number}, sent 2026-11-20 09:00 UTC and reminded of it.`],
    ]);
  });

  it('chases the lines that an answer left out', async () => {
    const made = await sent();
    await take(answered(acknowledged(made.number, [{ position: 1, response: 'short', quantity: 1 }])));
    await letDays('followPurchase', 4);
    expect((await load(made.id)).transmission).toBe('sent');
    expect(desk.raised.map(({ title }) => title)).toEqual([expect.stringContaining(`has not answered all of ${made.number}`)]);
  });

  it('waits for back-ordered goods until the day named, then reminds, then tells a person', async () => {
    const made = await sent();
    await take(
      answered(
        acknowledged(made.number, [
          { position: 1, response: 'accepted' },
          { position: 2, response: 'backordered', expectedAt: after(desk.now, { days: 6 }) },
        ]),
      ),
    );
    await letDays('followPurchase', 5);
    expect([desk.facts, desk.raised]).toEqual([['purchase.sent', 'purchase.acknowledged'], []]);
    await letDays('followPurchase', 1);
    expect(desk.facts.at(-1)).toBe('purchase.reminded');
    await letDays('followPurchase', 4);
    expect(desk.facts).toHaveLength(3);
    expect(desk.raised.map(({ kind }) => kind)).toEqual(['purchase_not_shipped']);
  });

  it('goes by the last day that they named, when that is sooner than the one before', async () => {
    const made = await sent();
    await take(
      answered(
        acknowledged(made.number, [
          { position: 1, response: 'accepted' },
          { position: 2, response: 'backordered', expectedAt: after(desk.now, { days: 30 }) },
        ]),
      ),
    );
    await run('followPurchase');
    pass(1);
    await take(answered(acknowledged(made.number, [{ position: 2, response: 'accepted' }])));
    await run('followPurchase');
    expect((await load(made.id)).ship_due_at).toEqual(after(started, { hours: 48 }));
  });

  it('closes what is shipped or refused in full, and cancels what is refused in full', async () => {
    const [shipped, refused] = [await sent(), await sent()];
    await take(
      answered(
        acknowledged(shipped.number, [
          { position: 1, response: 'accepted' },
          { position: 2, response: 'rejected' },
        ]),
      ),
      answered(rejected(refused.number)),
    );
    await ship(shipped.id, 1, 3);
    await run('followPurchase');
    expect(await load(shipped.id)).toMatchObject({ transmission: 'closed', response: 'short', fulfilment: 'shipped' });
    expect(await load(refused.id)).toMatchObject({ transmission: 'cancelled', response: 'rejected', fulfilment: 'none' });
    expect(desk.facts.filter((type) => /closed|cancelled/.test(type)).sort()).toEqual(['purchase.cancelled', 'purchase.closed']);
  });
});
