import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { Fault } from '#kernel/fault';
import { askCancel, cancelUnarrived, refuseOpen } from './index.ts';
import { desk, id, inTx, letDays, openDesk, order, pass, run, started } from '../../../test/setup/purchase-desk.ts';
import {
  accepted,
  answered,
  cancelled,
  changesOf,
  lines,
  load,
  queued,
  rejected,
  sent,
  ship,
  take,
} from '../../../test/setup/purchase-says.ts';

openDesk();

describe('an answer is evidence', () => {
  const doubt = () => Promise.reject(new Fault('unknown', 'timeout', 'no answer'));

  it('that an order arrived of which nobody knew, and it is not said again', async () => {
    desk.wire.place = doubt;
    desk.wire.lookUp = async () => ({ outcome: 'ask-a-person', why: 'a mail cannot be looked up.' });
    const made = await sent(desk.pinecrest);
    await letDays('placePurchase', 1);
    await take(answered(accepted(made.number), desk.pinecrest));
    await run('placePurchase');
    expect(desk.asked).toHaveLength(1);
    expect(await load(made.id)).toMatchObject({ transmission: 'acknowledged', sent_at: desk.now });
    expect(desk.resolved).toContain('purchase_unconfirmed');
  });

  it('that comes while the wire is still silent, whatever the wire says then', async () => {
    const made = await queued();
    desk.wire.place = async () => {
      await take(answered(accepted(made.number)));
      return doubt();
    };
    desk.wire.lookUp = async () => ({ outcome: 'absent' });
    await run('placePurchase');
    await letDays('placePurchase', 3);
    expect(desk.asked).toHaveLength(1);
    expect((await load(made.id)).transmission).toBe('acknowledged');
  });

  it('that what they refused was taken after all', async () => {
    desk.wire.place = async () => Promise.reject(new Fault('refused', 'http-500', 'an error on their side'));
    const made = await sent();
    await take(answered(accepted(made.number)));
    await run('placePurchase');
    expect(desk.asked).toHaveLength(1);
    expect((await load(made.id)).transmission).toBe('acknowledged');
    expect(desk.resolved).toContain('purchase_failed');
  });

  it('which a refusal to cancel is not, as they may not know it at all', async () => {
    desk.wire.place = doubt;
    desk.wire.lookUp = async () => ({ outcome: 'ask-a-person', why: 'it cannot be looked up.' });
    const made = await sent();
    await inTx((tx) => askCancel(tx, [{ purchase_id: made.id, why: 'cancelled' }]));
    await take(answered(cancelled(made.number, 'refused', 'unknown purchase order')));
    await letDays('placePurchase', 1);
    expect((await load(made.id)).transmission).toBe('unknown');
  });

  it('but not for what was never said to them', async () => {
    const made = await queued();
    const { raise, facts: told } = await take(answered(rejected(made.number)));
    expect(told).toEqual([]);
    expect(raise).toMatchObject([{ kind: 'answer_unmatched', title: expect.stringContaining('has not been sent to them') }]);
    expect(await lines(made.id)).toEqual([
      [null, 0, 0, 0],
      [null, 0, 0, 0],
    ]);
  });
});

describe('cancelling', () => {
  const ask = (...ids: string[]) =>
    inTx((tx) =>
      askCancel(
        tx,
        ids.map((purchase_id) => ({ purchase_id, why: 'The shopper cancelled.' })),
      ),
    );

  it('ends here and now what was never said, and frees its units', async () => {
    const made = await queued();
    expect(await ask(made.id)).toMatchObject([
      { allocation_id: id(200), quantity: 3 },
      { allocation_id: id(201), quantity: 2 },
    ]);
    await run('placePurchase');
    expect(desk.asked).toEqual([]);
    expect(await load(made.id)).toMatchObject({ transmission: 'cancelled', response: 'rejected' });
    expect(await ask(made.id)).toEqual([]);
    expect(await changesOf(made.id)).toEqual([]);
  });

  it('is asked once of a supplier who has it, and their yes frees what is not shipped', async () => {
    const made = await sent();
    await take(answered(accepted(made.number)));
    await ship(made.id, 1, 1);
    expect([await ask(made.id), await ask(made.id)]).toEqual([[], []]);
    await run('sendChange');
    expect(desk.asked.filter(({ what }) => what === 'cancel')).toHaveLength(1);
    pass(1);
    const taken = await take(answered(cancelled(made.number, 'accepted')));
    expect(taken).toMatchObject({
      refused: [
        { allocation_id: id(200), quantity: 2 },
        { allocation_id: id(201), quantity: 2 },
      ],
      touched: [order],
      facts: [{ type: 'change.accepted' }],
    });
    expect(await lines(made.id)).toEqual([
      ['short', 1, 2, 1],
      ['rejected', 0, 2, 0],
    ]);
    expect(await take(answered(cancelled(made.number, 'accepted')))).toMatchObject({ refused: [], facts: [], raise: [] });
    expect(await changesOf(made.id)).toEqual([{ state: 'accepted', due: false }]);
  });

  it('is not contradicted by an acknowledgement that they wrote before, but by one that they wrote after', async () => {
    const made = await sent();
    await ask(made.id);
    await run('sendChange');
    pass(2);
    await take(answered(cancelled(made.number, 'accepted')));
    expect((await take(answered(accepted(made.number, { at: started })))).raise).toEqual([]);
    pass(1);
    expect((await take(answered(accepted(made.number)))).raise).toMatchObject([{ kind: 'late_acceptance' }]);
  });

  it('that they refuse is told to a person, and their yes after that counts', async () => {
    const made = await sent();
    await ask(made.id);
    await run('sendChange');
    expect((await take(answered(cancelled(made.number, 'refused', 'already packed')))).raise).toMatchObject([
      { kind: 'cancel_refused', title: `Kestrel does not cancel ${made.number}: already packed.` },
    ]);
    expect((await take(answered(cancelled(made.number, 'accepted')))).refused).toHaveLength(2);
    expect((await take(answered(cancelled(made.number, 'refused')))).raise).toMatchObject([{ kind: 'late_acceptance' }]);
  });

  it('that nobody asked for is told to a person', async () => {
    const made = await sent();
    expect((await take(answered(cancelled(made.number, 'accepted')))).raise).toMatchObject([
      { kind: 'answer_unmatched', title: expect.stringContaining('which was not asked for') },
    ]);
  });

  it('that nobody answers for two days is told to a person', async () => {
    const made = await sent();
    await ask(made.id);
    await run('sendChange');
    await letDays('followChange', 1);
    expect(desk.raised).toEqual([]);
    await letDays('followChange', 3);
    expect(desk.raised).toMatchObject([
      { kind: 'cancel_refused', title: expect.stringContaining(`has not answered whether it cancels ${made.number}`) },
    ]);
    expect(desk.raised).toHaveLength(1);
  });

  it('waits while nobody knows whether the order arrived, and goes out once it has', async () => {
    desk.wire.place = async () => Promise.reject(new Fault('unknown', 'timeout', 'no answer'));
    const made = await sent();
    expect(await ask(made.id)).toEqual([]);
    await run('sendChange');
    expect(await changesOf(made.id)).toEqual([{ state: 'queued', due: false }]);
    desk.wire.lookUp = async () => ({ outcome: 'happened', reply: { reference: 'K-9', documents: [] } });
    await letDays('placePurchase', 1);
    await run('sendChange');
    expect(desk.asked.map(({ what }) => what)).toEqual(['place', 'cancel']);
    expect(await changesOf(made.id)).toEqual([{ state: 'sent', due: true }]);
  });

  it('that waited ends here once a person says that the order did not arrive', async () => {
    desk.wire.place = async () => Promise.reject(new Fault('unknown', 'timeout', 'no answer'));
    const made = await sent();
    await ask(made.id);
    expect(await inTx((tx) => cancelUnarrived(tx, [made.id]))).toEqual([]);
    await inTx((tx) => sql`update platform.effect set state = 'waiting' where tenant_id = ${tx.tenant}`.execute(tx.db));
    expect(await inTx((tx) => cancelUnarrived(tx, [made.id]))).toHaveLength(2);
    expect(await load(made.id)).toMatchObject({ transmission: 'cancelled' });
    expect(await changesOf(made.id)).toEqual([{ state: 'accepted', due: false }]);
  });

  it('by a person frees what could not be ordered, and a later acceptance is told', async () => {
    desk.wire.place = async () => Promise.reject(new Fault('refused', 'http-422', 'no'));
    const made = await sent();
    expect(await inTx((tx) => refuseOpen(tx, made.id, 'It could not be ordered there.'))).toHaveLength(2);
    expect((await load(made.id)).transmission).toBe('cancelled');
    expect((await take(answered(accepted(made.number, { at: started })))).raise).toMatchObject([{ kind: 'late_acceptance' }]);
  });
});
