import { describe, expect, it } from 'vitest';
import { Fault } from '#kernel/fault';
import { fromMs } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import type { FileDrop } from '#ports/file-drop';
import type { ArrivedMail } from '#ports/message-sender';
import type { PurchaseOrder } from '#ports/supplier';
import { emailSupplier, fileSupplier, readSupplierDocument } from '#connectors/suppliers';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function troubleOf(reading: Promise<unknown>): Promise<Unreadable> {
  const error = await reading.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Unreadable)) throw new Error(`it was read, or failed otherwise: ${String(error)}`);
  return error;
}

const order: PurchaseOrder = {
  number: 'PO-100001',
  version: 1,
  orderNumber: '1042',
  orderedAt: fromMs(1_764_000_000_000),
  buyer: { name: 'Fernway', email: 'orders@fernway.test' },
  supplier: { name: 'Acme', email: 'orders@acme.test' },
  shipTo: { name: '=cmd|x', line1: 'Straße 1', city: 'Köln', country: 'DE' },
  service: 'standard',
  currency: 'EUR',
  lines: [{ position: 1, supplierSku: 'A-1', title: 'Lamp; large', quantity: 2, unitCostMinor: 1250n }],
  answerUrl: 'https://us.test/s/tok',
};

/** A folder in memory that remembers what was archived. */
function folder(files: Record<string, Uint8Array>): { drop: FileDrop; archived: string[]; written: Map<string, Uint8Array> } {
  const archived: string[] = [];
  const written = new Map<string, Uint8Array>();
  const drop: FileDrop = {
    list: async (_folder, limit) =>
      Object.entries(files)
        .map(([name, body]) => ({ name, sizeBytes: body.length }))
        .slice(0, limit),
    read: async (_folder, name) => {
      const body = files[name];
      if (!body) throw new Fault('refused', 'no-file', 'gone');
      return body;
    },
    write: async (_folder, name, body) => void written.set(name, body),
    exists: async () => false,
    archive: async (_folder, name) => {
      archived.push(name);
      delete files[name];
    },
  };
  return { drop, archived, written };
}

describe('a folder', () => {
  it('keeps a file that was replaced since it was read, so that the new one is read as well', async () => {
    const files: Record<string, Uint8Array> = { 'ack.csv': bytes('one'), 'ship.csv': bytes('two') };
    const { drop, archived } = folder(files);
    const door = fileSupplier({ drop, profile: {} });
    const first = await door.fetch('', 10);
    expect(archived).toEqual([]);
    files['ack.csv'] = bytes('three');
    const second = await door.fetch(first.cursor, 10);
    expect(archived).toEqual(['ship.csv']);
    expect(second.documents.map(({ body }) => Buffer.from(body).toString())).toEqual(['three']);
    expect((await door.fetch(second.cursor, 10)).more).toBe(false);
    expect(files).toEqual({});
  });

  it('hands over a file that is too large without reading it, and a person hears of it', async () => {
    const { drop } = folder({ 'huge.csv': new Uint8Array(10_000_001), 'small.csv': bytes('x') });
    const { documents } = await fileSupplier({ drop, profile: {} }).fetch('', 10);
    expect(documents.map(({ name, body }) => [name, body.length])).toEqual([
      ['huge.csv', 0],
      ['small.csv', 1],
    ]);
    const [huge] = documents;
    expect(huge && (await troubleOf(readSupplierDocument('file', {}, 'EUR', huge))).message).toContain('10000001 bytes');
  });

  it('gets the order in their columns, signs and encoding, and nothing that a spreadsheet would run', async () => {
    const { drop, written } = folder({});
    const profile = {
      delimiter: ';',
      decimal: ',',
      encoding: 'windows-1252',
      columns: {
        order: { po_number: 'Nr', sku: 'Art', quantity: 'Menge', unit_cost: 'Preis', ship_name: 'Name', ship_city: 'Ort', title: 'Text' },
      },
    };
    await fileSupplier({ drop, profile: { profile } }).place({ ...order, version: 2 }, 'k');
    const text = new TextDecoder('windows-1252').decode(written.get('PO-100001-v2.csv'));
    expect(text).toBe('Nr;Art;Text;Menge;Preis;Name;Ort\r\nPO-100001;A-1;"Lamp; large";2;12,50;\'=cmd|x;Köln\r\n');
    await expect(
      fileSupplier({ drop, profile: { profile } }).place({ ...order, shipTo: { ...order.shipTo, city: 'Łódź' } }, 'k'),
    ).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('"Ł"') });
  });
});

const mailOf = (
  uid: string,
  from: string,
  more = '',
  body = 'Content-Type: text/plain\r\n\r\nWe cannot ship before Tuesday.',
): ArrivedMail => ({
  uid,
  bytes: bytes(
    `From: <${from}>\r\nTo: <orders@fernway.test>\r\nSubject: Re: Purchase order PO-1\r\nMessage-ID: <${uid}@x>\r\n${more}MIME-Version: 1.0\r\n${body}\r\n`,
  ),
});
const withList = (name: string, list: string): string =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\nContent-Type: text/csv; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n${list}\r\n--b--`;

describe('a mailbox that several suppliers write to', () => {
  function box(mails: ArrivedMail[]) {
    const taken: string[] = [];
    const mailbox = {
      waiting: async (limit: number) => mails.filter(({ uid }) => !taken.includes(uid)).slice(0, limit),
      taken: async (uids: readonly string[]) => void taken.push(...uids),
    };
    const sent: { subject: string; to: string; names: string[]; text: string }[] = [];
    const messages = {
      send: async (mail: { subject: string; to: { address: string }; attachments: { name: string }[]; text: string }) => (
        sent.push({ subject: mail.subject, to: mail.to.address, names: mail.attachments.map(({ name }) => name), text: mail.text }),
        { reference: '' }
      ),
    };
    const profile = { answersFrom: ['@warehouse.acme.test'] };
    const door = emailSupplier({
      messages,
      mailbox,
      profile,
      supplier: { name: 'Acme', email: 'Orders@acme.test' },
      from: { name: 'Fernway', email: 'orders@fernway.test' },
    });
    return { door, taken, sent, profile };
  }

  it('gives each its own, and marks them only when the next fetch says they are kept', async () => {
    const { door, taken } = box([
      mailOf('1', 'orders@other.test'),
      mailOf('2', 'orders@acme.test'),
      mailOf('3', 'jo@warehouse.acme.test'),
      { uid: '4', bytes: bytes('') },
    ]);
    const first = await door.fetch('', 10);
    expect(first.documents.map(({ object, headers }) => [object, headers['from']])).toEqual([
      ['<2@x>', 'orders@acme.test'],
      ['<3@x>', 'jo@warehouse.acme.test'],
    ]);
    expect(taken).toEqual([]);
    expect(await door.fetch(first.cursor, 10)).toEqual({ documents: [], cursor: '', more: false });
    expect(taken).toEqual(['2', '3']);
  });

  it('reads the list attached, not our own sent back with it', async () => {
    const both = withList('ack.csv', 'po_number,line,status\r\nPO-1,1,accepted').replace(
      '--b--',
      '--b\r\nContent-Type: text/csv; name="PO-1.csv"\r\n\r\npo_number,sku,quantity,ship_name\r\nPO-1,A,1,Jo\r\n--b--',
    );
    expect(
      await readSupplierDocument('email', {}, 'EUR', { name: '', headers: {}, body: mailOf('1', 'a@b.test', '', both).bytes }),
    ).toMatchObject([{ what: 'acknowledgement', purchase: 'PO-1' }]);
  });

  it('leaves words without a list to a person, and lets absence notices say nothing', async () => {
    const words = await troubleOf(readSupplierDocument('email', {}, 'EUR', { name: '', headers: {}, body: mailOf('1', 'a@b.test').bytes }));
    expect(words.message).toContain('We cannot ship before Tuesday.');
    expect(
      await readSupplierDocument('email', {}, 'EUR', {
        name: '',
        headers: {},
        body: mailOf('1', 'a@b.test', 'Auto-Submitted: auto-replied\r\n').bytes,
      }),
    ).toEqual([]);
  });

  it('sends the order with PDF, list and one link for each answer', async () => {
    const { door, sent } = box([]);
    const { documents } = await door.place(order, 'place:1');
    expect(sent).toMatchObject([
      { subject: 'Purchase order PO-100001', to: 'orders@acme.test', names: ['PO-100001.pdf', 'PO-100001.csv'] },
    ]);
    expect(sent[0]?.text.match(/^.*: https:\/\/us\.test\/s\/tok#\w+$/gm)).toHaveLength(4);
    expect(documents.map(({ type }) => type)).toEqual(['application/pdf', 'text/csv', 'text/plain']);
  });
});
