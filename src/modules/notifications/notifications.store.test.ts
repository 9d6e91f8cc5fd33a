import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seededChance } from '#kernel/chance';
import { Fault } from '#kernel/fault';
import { after, instant } from '#kernel/time';
import { type Database, openDatabase } from '#platform/db';
import { makeWork, type NewFact, outside } from '#platform/work';
import type { MessageSender, OutgoingMail } from '#ports/message-sender';
import { freshDatabase } from '../../../test/setup/database.ts';
import { decideRefused, decideSent, doubtful, misconfigured, whatBecameOf } from './decide.ts';
import { sendMail } from './send.ts';
import { message, recordSent, sayAgain, want } from './store.ts';
import type { Wish } from './words.ts';

const tenant = '01900000-0000-7000-8000-00000000000a';
const order = '01900000-0000-7000-8000-000000000001';
const parcel = '01900000-0000-7000-8000-000000000002';
const started = instant('2026-11-20T09:00:00Z');
const voice = { trackingUrl: (id: string) => `https://shop.example/t/${id}` };

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let database: Database;
let now = started;
let sent: OutgoingMail[] = [];
let trouble: Fault | null = null;
let facts: NewFact[] = [];
let raised: string[] = [];

const sender: MessageSender = {
  send: async (mail) => {
    sent.push(mail);
    if (trouble) throw trouble;
    return { reference: `ref-${sent.length}` };
  },
};

/** The step as the flows declare it. */
const sendMessage = outside(message, {
  name: 'sendMessage',
  from: ['queued'],
  during: 'sending',
  doubt: 'unknown',
  to: ['sent', 'unknown', 'failed', 'suppressed'],
  key: ({ id }) => `message:${id}`,
  account: () => 'mail',
  ask: (far: MessageSender, thing, key) => sendMail(far, thing, key, 'post@installation.example'),
  settle: whatBecameOf,
  record: recordSent,
  decide: decideSent,
  refused: decideRefused,
  doubtful,
  misconfigured,
});

beforeAll(async () => {
  fresh = await freshDatabase();
  database = openDatabase({ url: fresh.url, clock: { now: () => now }, chance: seededChance(4) });
  await database.outsideTenants((tx) =>
    sql`insert into identity.tenant (id, name, mode, brand, created_at)
      values (${tenant}, 'Lighthouse Goods', 'live', '{"senderEmail": "hello@shop.example", "language": "de"}', ${started})`.execute(tx.db),
  );
});

afterAll(async () => {
  await database.close();
  await fresh.drop();
});

beforeEach(async () => {
  now = started;
  [sent, facts, raised, trouble] = [[], [], [], null];
  await database.tx(tenant, (tx) => sql`delete from notifications.message where tenant_id = ${tenant}`.execute(tx.db));
});

const wish = (meaning: Wish['meaning'], more: Partial<Wish> = {}): Wish => ({
  orderId: order,
  subjectId: parcel,
  meaning,
  address: 'ada@example.com',
  data: { orderNumber: '#1042' },
  ...more,
});
const wanted = (...wishes: Wish[]) => database.tx(tenant, (tx) => want(tx, wishes, voice));
const rowsNow = () =>
  database.tx(tenant, async (tx) => {
    const { rows } = await sql<{ meaning: string; state: string; why_not: string }>`
      select meaning, state, why_not from notifications.message order by created_at, meaning`.execute(tx.db);
    return rows;
  });
async function turn(minutes = 0): Promise<void> {
  now = after(now, { minutes });
  const work = makeWork(database, [sendMessage], {
    farOf: async () => sender,
    concurrency: 1,
    hooks: {
      facts: async (_tx, made) => void facts.push(...made),
      raise: async (_tx, made) => void raised.push(...made.map(({ kind }) => kind)),
      resolve: async () => {},
    },
  });
  await work.turn('sendMessage', tenant);
}

describe('a message', () => {
  it('is claimed once per meaning, subject and address, however often and from how many sides it is wished for', async () => {
    const made = await Promise.all([wanted(wish('parcel.delivered'), wish('parcel.delivered')), wanted(wish('parcel.delivered'))]);
    expect(made.flat()).toHaveLength(1);
    await turn();
    expect(await wanted(wish('parcel.delivered'))).toEqual([]);
    await turn();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      from: { name: 'Lighthouse Goods', address: 'hello@shop.example' },
      to: { address: 'ada@example.com' },
      attachments: [],
    });
    expect(sent[0]?.subject).toBe('Bestellung #1042: Ihr Paket ist zugestellt');
    expect(sent[0]?.text).toContain(`https://shop.example/t/${order}`);
    expect(facts).toMatchObject([{ type: 'message.sent', order, data: { meaning: 'parcel.delivered', to: 'ad…@example.com' } }]);
  });

  it('whose sending nobody confirmed is not sent again: it counts as said, and the timeline says that it is not sure', async () => {
    await wanted(wish('parcel.shipped'));
    trouble = new Fault('unknown', 'smtp-timeout', 'No answer after DATA');
    await turn();
    expect(await rowsNow()).toMatchObject([{ state: 'unknown' }]);
    trouble = null;
    await turn(10);
    await turn(10);
    expect(sent).toHaveLength(1);
    expect(await rowsNow()).toMatchObject([{ state: 'unknown', why_not: expect.stringContaining('did not confirm') }]);
    expect(facts).toMatchObject([{ type: 'message.sent', data: { confirmed: false } }]);
    expect(raised).toEqual([]);
  });

  it('that a server refuses fails and comes to a person', async () => {
    await wanted(wish('parcel.shipped'));
    trouble = new Fault('refused', 'smtp-550', 'No such mailbox');
    await turn();
    await turn(60);
    expect(sent).toHaveLength(1);
    expect(await rowsNow()).toMatchObject([{ state: 'failed' }]);
    expect(raised).toEqual(['message_failed']);
  });

  it('that failed is said again when a person wants it, to the address they give', async () => {
    const [made] = await wanted(wish('parcel.shipped'));
    const id = made?.id ?? '';
    expect(await database.tx(tenant, (tx) => sayAgain(tx, [{ id, address: 'new@example.com' }]))).toEqual([]);
    trouble = new Fault('refused', 'smtp-550', 'No such mailbox');
    await turn();
    trouble = null;
    const again = await database.tx(tenant, (tx) => sayAgain(tx, [{ id, address: 'new@example.com' }]));
    expect(again).toMatchObject([{ meaning: 'parcel.shipped:2', state: 'queued' }]);
    await turn();
    expect(sent.map(({ to }) => to.address)).toEqual(['ada@example.com', 'new@example.com']);
    expect(facts.at(-1)).toMatchObject({ type: 'message.sent', data: { meaning: 'parcel.shipped' } });
  });

  it('that was not sent yet is overtaken by what makes it pointless', async () => {
    await wanted(wish('parcel.out_for_delivery'));
    await wanted(wish('parcel.delivered'));
    await turn();
    expect(sent.map(({ subject }) => subject)).toEqual(['Bestellung #1042: Ihr Paket ist zugestellt']);
    expect(await rowsNow()).toContainEqual({
      meaning: 'parcel.out_for_delivery',
      state: 'suppressed',
      why_not: 'What came later overtook it before it was sent.',
    });
  });

  it('that waited until it would confuse stays unsent, with the reason', async () => {
    await wanted(wish('parcel.out_for_delivery'));
    await turn(60 * 11);
    expect(sent).toEqual([]);
    expect(await rowsNow()).toMatchObject([{ state: 'suppressed', why_not: expect.stringContaining('11 hours') }]);
    expect(facts).toMatchObject([{ type: 'message.suppressed' }]);
  });

  it('without an address, with a bad one, or of a tenant that only observes is kept, not sent', async () => {
    await wanted(wish('parcel.shipped', { address: '' }), wish('parcel.delivered', { address: 'a@b.example\r\nBcc: all@x.example' }));
    await database.tx(tenant, (tx) => want(tx, [wish('order.confirmed', { subjectId: order })], { ...voice, observe: true }));
    await turn();
    expect(sent).toEqual([]);
    expect((await rowsNow()).map(({ state, why_not }) => [state, why_not !== ''])).toEqual(Array(3).fill(['suppressed', true]));
  });
});
