import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actOnFeed, actOnFeedRun } from '#flows/actions-feeds';
import { importPreview, keepPreview, lookAt, rawFile, rejectFile } from '#flows/feed-desk';
import { type FeedRoom, takeFeed, workFeeds } from '#flows/feed-life';
import { lineOf } from '#flows/feed-line';
import { showId } from '#kernel/id';
import { type ApiTest, openApi } from '../../../test/setup/api.ts';

let api: ApiTest;
let room: FeedRoom;
let supplier = '';
let shown = '';
const seal = (_tenant: string, _field: string, _before: Uint8Array | null, secrets: object): Uint8Array =>
  Buffer.from(`sealed ${Object.keys(secrets).join()}`);

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stockless-feeds-'));
  const late: { room?: FeedRoom } = {};
  const its = (): FeedRoom => late.room as FeedRoom;
  api = await openApi({
    act: async (tx, asked) => {
      const deed = asked.kind === 'feed' ? await actOnFeed(tx, asked, { seal }) : await actOnFeedRun(tx, asked);
      return { said: deed.said, facts: [], ...(deed.made ? { made: deed.made } : {}) };
    },
    feeds: {
      keep: (tenant, file) => keepPreview(its(), tenant, file),
      fetch: async () => '',
      look: (tenant, id, how) => lookAt(its(), tenant, id, how),
      importKept: (tenant, id, to, by) => importPreview(its(), tenant, id, to, by),
      raw: async (tenant, run) => ({ name: 'a.csv', bytes: (await rawFile(its(), tenant, run)) && once('x') }),
      rejects: async (tenant, run) => rejectFile(await rawFile(its(), tenant, run)),
      line: (tenant, of) => lineOf(its(), tenant, of),
      work: () => {},
    },
  });
  late.room = { db: api.db, folder };
  room = late.room;
  supplier = api.a.shop.supplier;
  shown = showId('supplier', supplier);
});
afterAll(async () => {
  await api.close();
  rmSync(room.folder, { recursive: true });
});

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const csv = (cost: string, more = ''): string =>
  `sku,title,cost,quantity\n${Array.from({ length: 12 }, (_, at) => `F${at},Lamp ${at},${cost},${at + 1}`).join('\n')}\n${more}`;
async function take(text: string): Promise<string> {
  const run = await takeFeed(room, api.a.shop.tenant, { supplierId: supplier, name: 'stock.csv', by: 'person:p', bytes: once(text) });
  await workFeeds(room, api.a.shop.tenant, run);
  return showId('run', run);
}
const get = async (url: string, key = api.a.key) => {
  const reply = await api.get(url, key);
  return { status: reply.statusCode, body: reply.json() };
};
const post = async (url: string, body: unknown, key = api.a.key) => {
  const reply = await api.post(url, key, body);
  return { status: reply.statusCode, body: reply.json() };
};
const upload = (text: string, query: string, key = api.a.key) =>
  api.app.inject({
    method: 'POST',
    url: `/v1/feeds/preview?${query}`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream' },
    payload: Buffer.from(text),
  });

describe('the wizard by API', () => {
  it('says what it detected, then reads the same file by another mapping, and imports it', async () => {
    const seen = (await upload('Artikelnr;Name;EK;Menge\nA1;Lampe;1,50;3\nA2;Stuhl;x;1\n', `name=liste.csv&supplier=${shown}`)).json();
    expect(seen).toMatchObject({
      name: 'liste.csv',
      detected: { sentence: 'UTF-8, semicolons, comma decimals, headers on row 1' },
      counts: { rows: 2, fine: 1, errors: 1 },
    });
    expect(seen.rows[0]).toMatchObject({ line: 2, cells: { supplierSku: 'A1', costMinor: '150', quantity: 3 } });
    const again = await post(`/v1/feeds/preview/${seen.id}`, { supplier: shown, mapping: { columns: { cost: null } } });
    expect(again).toMatchObject({ status: 200, body: { counts: { rows: 2, fine: 2 } } });
    expect(await post(`/v1/feeds/preview/${seen.id}`, { mapping: { columns: { cost: 'Preis' } } })).toMatchObject({
      status: 422,
      body: { code: 'invalid-field', param: 'mapping' },
    });
    expect(await post(`/v1/feeds/preview/${seen.id}/import`, { supplier: shown })).toMatchObject({ status: 202 });
    expect((await post(`/v1/feeds/preview/${seen.id}`, {}, api.b.key)).status).toBe(404);
    await workFeeds(room, api.a.shop.tenant);
  });

  it('refuses what is no feed, with what to do', async () => {
    expect((await upload('%PDF-1.7 …', 'name=list.pdf')).json()).toMatchObject({
      status: 422,
      detail: 'list.pdf is a PDF.',
      fix: 'Ask for the list as CSV, XML or JSON.',
    });
  });
});

describe('a feed by API', () => {
  it('is changed in what is given, and shows no secret', async () => {
    const change = {
      absence: 'zero',
      limits: { vanished: 0.5 },
      source: {
        transport: 'http',
        settings: { url: 'https://kestrel.test/stock.csv', auth: 'bearer' },
        secrets: { token: 'hush' },
        schedule: { everyMinutes: 30 },
        targetMinutes: 90,
      },
    };
    const reply = await api.app.inject({
      method: 'PATCH',
      url: `/v1/feeds/${shown}`,
      headers: { authorization: `Bearer ${api.a.key}` },
      payload: change,
    });
    expect(reply.statusCode).toBe(200);
    const { body } = await get(`/v1/feeds/${shown}`);
    expect(body).toMatchObject({
      transport: 'http',
      state: 'polled',
      allowedMinutes: 90,
      allowedBy: 'agreement',
      settings: { absence: 'zero', limits: { vanished: 0.5, zeroed: 0.3 } },
      source: { hasSecrets: true, schedule: { everyMinutes: 30 } },
    });
    expect(JSON.stringify(body)).not.toContain('hush');
    expect((await get('/v1/feeds')).body.data.some(({ supplier: one }: { supplier: { id: string } }) => one.id === shown)).toBe(true);
    expect((await post(`/v1/feeds/${shown}/run`, {})).body.said).toMatch(/is looked for now/);
    expect((await get(`/v1/feeds/${shown}`, api.b.key)).status).toBe(404);
    expect((await get('/v1/feeds', api.powerless)).status).toBe(403);
  });
});

describe('a run by API', () => {
  it('is reviewed: diff, guards, rejects; tried dry, released in part, rolled back', async () => {
    const first = await take(csv('10.00'));
    // The shop's one other offer is not in it.
    await post(`/v1/feed-runs/${first}/release`, {});
    await workFeeds(room, api.a.shop.tenant);
    const held = await take(csv('30.00', 'BAD,Lamp,x,1\n'));
    const { body } = await get(`/v1/feed-runs/${held}`);
    expect(body).toMatchObject({
      state: 'held',
      hasFile: true,
      rows: { read: 13, changed: 12, refused: 1 },
      before: first,
      counts: { cost: 12, flagged: 12 },
    });
    expect(body.movers[0]).toMatchObject({
      what: ['cost'],
      flags: ['cost_jump'],
      cost: { before: { minor: '1000' }, after: { minor: '3000' } },
    });
    expect(body.guards.find(({ guard }: { guard: string }) => guard === 'cost_jump')).toMatchObject({ count: 12, limit: 0.1 });
    const page = (await get(`/v1/feed-runs/${held}/changes?what=cost&limit=5`)).body;
    const rest = (await get(`/v1/feed-runs/${held}/changes?what=cost&limit=50&after=${page.next}`)).body;
    expect([page.data.length, rest.data.length, rest.next]).toEqual([5, 7, null]);
    const rejects = await api.get(`/v1/feed-runs/${held}/rejects`, api.a.key);
    expect(rejects.body).toBe('sku,title,cost,quantity,reject_reason\r\nBAD,Lamp,x,1,It is not a price\r\n');
    expect((await post(`/v1/feed-runs/${held}/release?dry_run=true`, { part: { cost: false } })).body).toMatchObject({
      dryRun: true,
      said: expect.stringMatching(/^Stock, texts/),
    });
    expect((await get(`/v1/feed-runs/${held}`)).body.state).toBe('held');
    expect((await post(`/v1/feed-runs/${held}/release`, {})).status).toBe(200);
    await workFeeds(room, api.a.shop.tenant);
    expect((await get(`/v1/feed-runs/${held}`)).body.state).toBe('applied');
    expect((await get(`/v1/feeds/${shown}/compare?from=${first}&to=${held}`)).body.data).toHaveLength(12);
    const back = await post(`/v1/feed-runs/${first}/roll-back?dry_run=true`, {});
    expect(back.body.said).toMatch(/Stock and cost of 12 offers/);
    expect((await post(`/v1/feed-runs/${first}/roll-back`, {})).body.said).toMatch(/Stock and cost of 12 offers/);
    expect(
      (await get(`/v1/feeds/${shown}/guards?costRows=0.9`)).body.guards.find(({ guard }: { guard: string }) => guard === 'cost_jump'),
    ).toMatchObject({ limit: 0.9, fired: 1, wouldFire: 1 });
    expect((await get(`/v1/feed-runs/${held}`, api.b.key)).status).toBe(404);
  });
});

describe('an offer', () => {
  it("is shown beside the supplier's own line, or says why there is none", async () => {
    const run = await take(csv('4.50', 'RAW-1,"Lamp, ""odd""", 12.5 ,7\n'));
    // Whatever stood there before, the file is taken.
    await post(`/v1/feed-runs/${run}/release`, {});
    await workFeeds(room, api.a.shop.tenant);
    const { data } = (await get('/v1/offers?q=RAW-1')).body as { data: { id: string }[] };
    const offer = (await get(`/v1/offers/${data[0]?.id}`)).body;
    expect(offer).toMatchObject({ supplierSku: 'RAW-1', cost: { minor: '1250' }, quantity: 7, rawWhy: '' });
    expect(offer.raw).toEqual({
      file: 'stock.csv',
      line: 14,
      cells: [
        { column: 'sku', text: 'RAW-1', field: 'supplierSku' },
        { column: 'title', text: 'Lamp, "odd"', field: 'title' },
        { column: 'cost', text: ' 12.5 ', field: 'cost' },
        { column: 'quantity', text: '7', field: 'quantity' },
      ],
    });
    const other = (await get(`/v1/offers/${showId('offer', api.a.shop.offer)}`)).body;
    expect(other).toMatchObject({ raw: null, rawWhy: expect.stringMatching(/does not stand in stock\.csv/) });
  });
});
