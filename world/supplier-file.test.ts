import { describe, expect, test } from 'vitest';
import { fromMs } from '#kernel/time';
import { begin, open } from './bench.ts';
import { parseCsv } from './csv.ts';
import type { Visit, World } from './world.ts';

describe('suppliers by file and by mail', () => {
  const list = (number: string, sku: string, names: readonly string[], delimiter: string): Uint8Array =>
    new TextEncoder().encode(`${names.join(delimiter)}\r\n${[number, '1', sku, '1', 'Ada', 'Leipzig', '04109', 'DE'].join(delimiter)}\r\n`);
  const plain = ['po_number', 'line', 'sku', 'quantity', 'ship_name', 'ship_city', 'ship_postcode', 'ship_country'];
  const skuOf = (world: World, code: string): string =>
    world
      .setup()
      .suppliers.find((one) => one.code === code)
      ?.offers.find(({ quantity }) => quantity > 20)?.supplier_sku ?? '';

  test('a file is collected within the quarter of an hour, archived, and answered in the partner’s own columns', async () => {
    const { world, pass } = open();
    const drop = world.drop('NORDLICHT');
    await drop.write(
      'orders',
      'PO-100001.csv',
      list(
        'PO-100001',
        skuOf(world, 'NORDLICHT'),
        ['Bestellnummer', 'Position', 'Artikelnummer', 'Menge', 'Name', 'Ort', 'PLZ', 'Land'],
        ';',
      ),
    );
    expect(world.memory.purchases).toEqual({});
    pass(0.26);
    expect(world.memory.purchases['NORDLICHT/PO-100001']).toMatchObject({
      acceptedAt: [begin + 900_000],
      lines: [{ line: 1, quantity: 1 }],
      country: 'DE',
    });
    expect(await drop.list('orders', 10)).toEqual([]);
    expect(await drop.exists('orders', 'PO-100001.csv')).toBe(true);
    pass(72);
    const names = (await drop.list('answers', 10)).map(({ name }) => name);
    const ack = names.find((name) => name.startsWith('ack-')) ?? '';
    const [row] = parseCsv(new TextDecoder().decode(await drop.read('answers', ack, 10_000)), ';');
    expect(row).toMatchObject({ Bestellnummer: 'PO-100001', Position: '1', Status: 'bestaetigt', Menge: '1' });
    expect(names.some((name) => name.startsWith('ship-PO-100001'))).toBe(true);
  });

  test('a file that is put there again after it was taken is taken again: nobody protects a careless sender', async () => {
    const { world, pass } = open();
    const bytes = list('PO-100001', skuOf(world, 'NORDLICHT'), plain, ';');
    for (let at = 0; at < 2; at += 1) {
      await world.drop('NORDLICHT').write('orders', 'PO-100001.csv', bytes);
      pass(0.5);
    }
    expect(world.memory.purchases['NORDLICHT/PO-100001']?.acceptedAt).toHaveLength(2);
  });

  const mail = (world: World, code: string, number: string, subject = `Purchase order ${number}`) =>
    world.sender.send({
      key: `k/${subject}`,
      from: { name: 'Fernway', address: 'orders@fernway.test' },
      to: { address: `orders@${code.toLowerCase()}.test` },
      subject,
      text: 'Hello,\nConfirm everything: https://us.test/s/aaa/confirm\nAdd tracking: https://us.test/s/aaa/tracking\n',
      attachments: [{ name: `${number}.csv`, type: 'text/csv', bytes: list(number, skuOf(world, code), plain, ',') }],
    });

  test('one answers a mail with a list attached', async () => {
    const { world, pass } = open();
    await mail(world, 'PINECREST', 'PO-100001');
    pass(96);
    const letters = await world.mailbox.waiting(10);
    const text = new TextDecoder().decode(letters[0]?.bytes);
    expect(text).toContain('Subject: Re: Purchase order PO-100001');
    const inside = Buffer.from(
      text.split('filename="ack-PO-100001.csv"')[1]?.split('\r\n\r\n')[1]?.split('--=')[0] ?? '',
      'base64',
    ).toString();
    expect(parseCsv(inside)).toMatchObject([{ po_number: 'PO-100001', line: '1' }]);
    await world.mailbox.taken(letters.map(({ uid }) => uid));
    expect(await world.mailbox.waiting(10)).toEqual([]);
  });

  test('another opens the link, fills the form in and presses the button', async () => {
    const { world, clock, pass } = open();
    await mail(world, 'VERDANT', 'PO-100001');
    const seen: Visit[] = [];
    const pages = {
      confirm:
        '<form method="post" action="/s/aaa/confirm"><input type="hidden" name="csrf" value="c&amp;1"><button name="answer" value="all">Confirm all</button></form>',
      ship: '<form method="post" action="/s/aaa/parcels"><select name="carrier"><option value="ups">UPS</option><option value="dhl">DHL</option><option value="gls">GLS</option></select><input name="tracking_number"><input name="quantity-1" type="number"><button>Add</button></form>',
    };
    for (let hour = 0; hour < 24 * 12; hour += 1) {
      pass(1);
      await world.goOut(
        {
          post: async () => ({ status: 200 }),
          open: async (visit) => {
            seen.push(visit);
            return { status: 200, body: pages[visit.intent === 'ship' ? 'ship' : 'confirm'] };
          },
        },
        fromMs(clock.at),
      );
    }
    const [parcel] = Object.values(world.memory.parcels);
    expect(seen.map(({ intent, method, url, form }) => ({ intent, method, url, form }))).toEqual([
      { intent: 'confirm', method: 'GET', url: 'https://us.test/s/aaa/confirm', form: {} },
      { intent: 'confirm', method: 'POST', url: 'https://us.test/s/aaa/confirm', form: { csrf: 'c&1', answer: 'all' } },
      { intent: 'ship', method: 'GET', url: 'https://us.test/s/aaa/tracking', form: {} },
      {
        intent: 'ship',
        method: 'POST',
        url: 'https://us.test/s/aaa/parcels',
        form: { carrier: parcel?.carrier, tracking_number: parcel?.number, 'quantity-1': '1' },
      },
    ]);
  });

  test('a page that does not work is answered in writing in the end', async () => {
    const { world, clock, pass } = open();
    await mail(world, 'VERDANT', 'PO-100001');
    for (let hour = 0; hour < 24 * 6; hour += 1) {
      pass(1);
      await world.goOut({ post: async () => ({ status: 200 }), open: async () => ({ status: 500, body: '' }) }, fromMs(clock.at));
    }
    const letters = (await world.mailbox.waiting(10)).map(({ bytes }) => new TextDecoder().decode(bytes));
    expect(letters.filter((letter) => letter.includes('ack-PO-100001.csv'))).toHaveLength(1);
    expect(letters.filter((letter) => letter.includes('ship-PO-100001.csv'))).toHaveLength(1);
  });

  test('a mail sent twice is an order placed twice, and silence is woken by a reminder', async () => {
    const { world, pass } = open();
    await mail(world, 'VERDANT', 'PO-100001');
    await mail(world, 'VERDANT', 'PO-100001');
    expect(world.memory.purchases['VERDANT/PO-100001']?.acceptedAt).toHaveLength(2);
    world.break('supplier_silent');
    for (let at = 10; at < 30; at += 1) await mail(world, 'OLDMILL', `PO-1000${at}`);
    pass(60);
    const answered = (): number =>
      Object.values(world.memory.purchases).filter(({ supplier, said }) => supplier === 'OLDMILL' && said.length > 0).length;
    const before = answered();
    expect(before).toBeGreaterThan(3);
    expect(before).toBeLessThan(18);
    for (let at = 10; at < 30; at += 1) await mail(world, 'OLDMILL', `PO-1000${at}`, `Reminder: purchase order PO-1000${at}`);
    pass(5);
    expect(answered()).toBeGreaterThan(before);
  });
});
