import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeCsv } from '#formats/csv';
import { oneChunk } from '#formats/text';
import { Unreadable } from '#kernel/unreadable';
import { type FeedBatch, type FeedGuess, type FeedMapping, type FeedOptions, openFeed, readFeed } from './index.ts';

const options: FeedOptions = { name: 'stock.csv', observedCurrency: 'EUR' };

async function all(content: string | Uint8Array, more: Partial<FeedOptions> = {}): Promise<FeedBatch & { guess: FeedGuess }> {
  const feed = await openFeed(oneChunk(Buffer.from(content)), { ...options, ...more });
  const whole: FeedBatch & { guess: FeedGuess } = { rows: [], refused: [], doubts: [], guess: feed.guess };
  for await (const batch of feed.batches) {
    whole.rows.push(...batch.rows);
    whole.refused.push(...batch.refused);
    whole.doubts.push(...batch.doubts);
  }
  return whole;
}

describe('a feed in CSV', () => {
  it('in German, from a spreadsheet, is understood without a mapping', async () => {
    const { rows, guess } = await all(
      '\ufeffArtikelnummer;Bezeichnung;Hersteller;EAN;EK;Währung;Bestand;Lieferzeit;Gewicht (kg)\r\nA-1;Größe M;Müller;4006381333931;1.234,50 €;EUR;10+;2-3 Tage;0,125\r\n',
    );
    expect(guess).toMatchObject({ format: 'csv', delimiter: ';', encoding: 'utf-8', decimal: ',', headerRow: 1 });
    expect(guess.confidence).toBeGreaterThan(0.9);
    expect(rows).toEqual([
      {
        line: 2,
        supplierSku: 'A-1',
        title: 'Größe M',
        brand: 'Müller',
        gtin: '04006381333931',
        mpn: null,
        costMinor: 123450n,
        currency: 'EUR',
        quantity: 10,
        available: true,
        packSize: null,
        leadDays: 3,
        weightGrams: 125,
      },
    ]);
  });

  it('in other languages finds number, price and stock', async () => {
    for (const header of [
      'Référence,Désignation,Prix d’achat HT,Quantité',
      'Código,Descripción,Precio neto,Existencias',
      'Codice articolo,Descrizione,Prezzo netto,Giacenza',
      'Indeks,Nazwa,Cena netto,Ilość',
      'Артикул,Наименование,Цена,Остаток',
      'Artikelnummer,Omschrijving,Inkoopprijs,Voorraad',
      'Varenr,Navn,Kostpris,Antal',
      '品番,商品名,価格,在庫数',
    ]) {
      const { rows } = await all(`${header}\nA1,Lamp of glass,12.50,3\nA2,Lamp of wood,13.50,4\n`);
      expect([header, rows[0]?.supplierSku, rows[0]?.costMinor, rows[0]?.quantity]).toEqual([header, 'A1', 1250n, 3]);
    }
  });

  it('prefers what we pay to what shoppers pay', async () => {
    const { guess } = await all('sku,retail price,price,dealer price,compare at price,shipping cost\nA,9.99,8.99,4.50,12.00,3.00\n');
    expect(guess.columns.cost).toEqual({ column: 'dealer price', confidence: 1 });
  });

  it('says what it refused and why, and never fills in', async () => {
    const { rows, refused, doubts } = await all(
      'sku,gtin,cost,qty\nA,4006381333931,12.50,5\n,4006381333931,1.00,1\nB,123,abc,1\nC,123,1.00,lots\nD,4006381333932,,\nE,1,2\n4.01E+12,,1.00,1\n',
    );
    expect(rows.map(({ supplierSku, costMinor, quantity, gtin }) => [supplierSku, costMinor, quantity, gtin])).toEqual([
      ['A', 1250n, 5, '04006381333931'],
      ['D', null, null, null],
    ]);
    expect(refused.map(({ line, field }) => [line, field])).toEqual([
      [3, 'supplierSku'],
      [4, 'cost'],
      [5, 'quantity'],
      [7, null],
      [8, 'supplierSku'],
    ]);
    expect(doubts).toMatchObject([{ line: 6, field: 'gtin', value: '4006381333932' }]);
  });

  it('holds the known currency against the file', async () => {
    const { rows, refused } = await all('sku,cost,currency\nA,1.00,EUR\nB,1.00,USD\nC,$1.00,EUR\nD,1.00 USD,EUR\nE,1.00,\n');
    expect(rows.map(({ supplierSku }) => supplierSku)).toEqual(['A', 'E']);
    expect(refused.map(({ line, field }) => [line, field])).toEqual([
      [3, 'currency'],
      [4, 'currency'],
      [5, 'currency'],
    ]);
  });

  it('with prices and no currency at all is refused as a whole', async () => {
    await expect(Array.fromAsync(readFeed(oneChunk(Buffer.from('sku,cost\nA,1.00\n')), { name: 'x.csv' }))).rejects.toMatchObject({
      code: 'no-currency',
    });
    expect((await all('sku,price_usd\nA,1.00\n', { observedCurrency: 'USD' })).rows).toHaveLength(1);
    const feed = await openFeed(oneChunk(Buffer.from('sku,price_usd\nA,1.00\n')), { name: 'x.csv' });
    expect((await Array.fromAsync(feed.batches))[0]?.rows[0]).toMatchObject({ costMinor: 100n, currency: 'USD' });
  });

  it('without column names is guessed and not read until somebody says so', async () => {
    const text = 'BOSCH;0 986 479;12,50;3;Brake disc front\nATE;24.0125;14,90;1;Brake disc rear\n';
    const feed = await openFeed(oneChunk(Buffer.from(text)), options);
    expect(feed.guess.headers).toEqual(['#1', '#2', '#3', '#4', '#5']);
    await expect(Array.fromAsync(feed.batches)).rejects.toMatchObject({ code: 'no-sku-column' });
    const mapping: FeedMapping = { columns: { supplierSku: '#2', brand: '#1', cost: '#3', quantity: '#4', title: '#5' }, headerRow: null };
    expect((await all(text, { mapping })).rows.map(({ supplierSku, costMinor }) => [supplierSku, costMinor])).toEqual([
      ['0 986 479', 1250n],
      ['24.0125', 1490n],
    ]);
  });

  it('follows its mapping, and misses a column that was renamed', async () => {
    const mapping: FeedMapping = { columns: { supplierSku: 'CODE X', cost: 'b', title: null }, weightUnit: 'g' };
    const { rows } = await all('code x,title,b,weight\nA,Lamp,1.00,12\n', { mapping });
    expect(rows).toMatchObject([{ supplierSku: 'A', title: null, costMinor: 100n, weightGrams: 12 }]);
    await expect(all('code,title,b\nA,Lamp,1.00\n', { mapping })).rejects.toMatchObject({ code: 'no-such-column' });
  });

  it('packed with gzip is the same feed', async () => {
    const text = writeCsv([['A', '1.00', 2]], { header: ['sku', 'cost', 'qty'] });
    expect((await all(gzipSync(text))).rows).toEqual((await all(text)).rows);
    expect((await all(gzipSync(text))).guess.isGzip).toBe(true);
  });

  it('reads a million rows of five columns in seconds', async () => {
    const lines = Array.from({ length: 100_000 }, (_, at) => `SKU-${at},Widget ${at},4006381333931,${at % 9000}.5,${at % 500}`);
    const started = performance.now();
    const { rows } = await all(`sku,title,gtin,cost,quantity\n${lines.join('\n')}\n`);
    expect(rows).toHaveLength(100_000);
    // 400,000 rows a second and more on one free core; a busy machine gets a fifth of that.
    expect(performance.now() - started).toBeLessThan(1250);
  });
});

describe('a feed in XML', () => {
  it('of Yandex’s kind is known', async () => {
    const { rows, guess } = await all(
      '<?xml version="1.0"?><!DOCTYPE yml_catalog SYSTEM "shops.dtd"><yml_catalog><shop><currencies/><offers>\n<offer id="7" available="true"><name>Чайник</name><vendor>Bosch</vendor><vendorCode>TWK</vendorCode><price>1200.50</price><currencyId>RUR</currencyId><barcode>4006381333931</barcode></offer>\n<offer id="8" available="false"><name>Кофе</name><price>2</price><currencyId>RUB</currencyId></offer></offers></shop></yml_catalog>',
      { observedCurrency: 'RUB' },
    );
    expect(guess).toMatchObject({ format: 'yml', records: 'yml_catalog/shop/offers/offer' });
    expect(rows).toMatchObject([
      {
        line: 2,
        supplierSku: '7',
        title: 'Чайник',
        brand: 'Bosch',
        mpn: 'TWK',
        gtin: '04006381333931',
        costMinor: 120050n,
        currency: 'RUB',
        quantity: null,
        available: true,
      },
      { line: 3, supplierSku: '8', quantity: 0, available: false },
    ]);
  });

  it('of Google’s kind and of no kind are understood', async () => {
    const rss =
      '<rss xmlns:g="x"><channel><title>T</title><item><g:id>1</g:id><g:price>599 CZK</g:price><g:availability>in_stock</g:availability></item></channel></rss>';
    expect((await all(rss, { observedCurrency: 'CZK' })).rows).toMatchObject([
      { supplierSku: '1', costMinor: 59900n, currency: 'CZK', available: true },
    ]);
    const own =
      '<list><product sku="A"><name>Lamp</name><prices><net>1,50</net></prices><stock>3</stock></product><product sku="B"><name>Oil</name><prices><net>2,00</net></prices><stock>0</stock></product></list>';
    const { rows } = await all(own, { mapping: { columns: { cost: 'prices.net' } } });
    expect(rows).toMatchObject([
      { supplierSku: 'A', costMinor: 150n, quantity: 3 },
      { supplierSku: 'B', costMinor: 200n, quantity: 0 },
    ]);
  });
});

describe('a feed in JSON', () => {
  it('as lines, as a list and inside an object is the same', async () => {
    const records = [
      { sku: 'A', name: 'Lamp', cost: 1.5, stock: { quantity: 3 } },
      { sku: 'B', name: 'Oil', cost: 2, stock: { quantity: 0 } },
    ];
    const expected = [
      { supplierSku: 'A', costMinor: 150n, quantity: 3 },
      { supplierSku: 'B', costMinor: 200n, quantity: 0 },
    ];
    const mapping: FeedMapping = { columns: { quantity: 'stock.quantity' } };
    for (const text of [
      records.map((one) => JSON.stringify(one)).join('\n'),
      JSON.stringify(records),
      JSON.stringify({ data: { products: records } }),
    ]) {
      expect((await all(text, { mapping })).rows).toMatchObject(expected);
    }
    expect((await all(JSON.stringify({ data: { products: records } }), { mapping })).guess.records).toBe('data.products');
  });

  it('names the line that is no record', async () => {
    const { rows, refused } = await all('{"sku":"A","qty":1}\noops\n5\n{"sku":"B","qty":1}\n');
    expect(rows.map(({ supplierSku }) => supplierSku)).toEqual(['A', 'B']);
    expect(refused.map(({ line }) => line)).toEqual([2, 3]);
  });
});

describe('code pages of DOS', () => {
  it('are read where a mapping names them', async () => {
    // "Kühltruhe" and "Caffè" as CP850 has them.
    const bytes = Buffer.concat([
      Buffer.from('sku;title;cost\r\nA;K'),
      Buffer.from([0x81]),
      Buffer.from('hltruhe;1,50\r\nB;Caff'),
      Buffer.from([0x8a]),
      Buffer.from(';2,00\r\n'),
    ]);
    const feed = await openFeed(oneChunk(bytes), { name: 'old.csv', observedCurrency: 'EUR', mapping: { encoding: 'CP850' } });
    const rows = (await Array.fromAsync(feed.batches)).flatMap((batch) => batch.rows);
    expect(feed.guess.encoding).toBe('cp850');
    expect(rows.map(({ title }) => title)).toEqual(['Kühltruhe', 'Caffè']);
  });
});

describe('what is no feed', () => {
  it('is refused with what to do', async () => {
    const strangers: [string | Uint8Array, string][] = [
      ['', 'empty'],
      ['PK\u0003\u0004rest', 'cut off'],
      ['<!DOCTYPE html><html></html>', 'web page'],
      ['%PDF-1.7', 'PDF'],
      [gzipSync(gzipSync('a,b')), 'twice'],
    ];
    for (const [content, word] of strangers) await expect(all(content)).rejects.toThrow(word);
    await expect(all('just some words\nand more\n')).rejects.toMatchObject({ code: 'no-sku-column' });
    await expect(all('{"a":1}')).rejects.toThrow(Unreadable);
  });

  it('of any bytes ends in rows or in Unreadable, wherever the chunks end', async () => {
    const starts = fc.constantFrom(
      '',
      'sku,cost,qty\n',
      'sku;price\n',
      '<a><b sku="',
      '[{"sku":',
      '{"sku":"A"}\n',
      '\ufeff',
      '\u001f\u008b',
    );
    await fc.assert(
      fc.asyncProperty(
        starts,
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.string({ maxLength: 100 }).map((text) => new Uint8Array(Buffer.from(text))),
        ),
        fc.integer({ min: 1, max: 40 }),
        async (start, tail, step) => {
          const bytes = Buffer.concat([Buffer.from(start, start.startsWith('\u001f') ? 'latin1' : 'utf8'), tail]);
          const source = async function* (): AsyncGenerator<Uint8Array> {
            for (let from = 0; from < bytes.length; from += step) yield bytes.subarray(from, from + step);
          };
          const settle = (found: Promise<FeedBatch[]>): Promise<unknown> =>
            found.then(
              (batches) => [batches.flatMap(({ rows }) => rows), batches.flatMap(({ refused }) => refused)],
              (error: unknown) => {
                expect(error).toBeInstanceOf(Unreadable);
                return (error as Unreadable).code;
              },
            );
          const one = await settle(Array.fromAsync(readFeed(oneChunk(bytes), options)));
          expect(await settle(Array.fromAsync(readFeed(source(), options)))).toEqual(one);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('with endless cells of any kind is dealt with at once', async () => {
    const started = performance.now();
    for (const letter of ['1', ' ', '.', 'a', '-', '\t', '€', "'", '_', '(']) {
      const cell = letter.repeat(60_000);
      for (const text of [
        `sku,cost,qty\nA,${cell}x,${cell}x\n`,
        `${cell}x,${cell}\nA,1\n`,
        `<a><b sku="${cell}"><price>${cell}x</price></b><b sku="1"/></a>`,
      ]) {
        await all(text).catch((error: unknown) => expect(error).toBeInstanceOf(Unreadable));
      }
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('of well-formed tables loses no row: each is taken or refused', async () => {
    const cell = fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('', '1', '1.50', '1,50', '10+', 'in stock', 'EUR', '€5'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('A', 'B', ''), cell, cell, cell), { minLength: 1, maxLength: 30 }),
        async (rows) => {
          const text = writeCsv(rows, { header: ['sku', 'cost', 'qty', 'weight (kg)'], formulaGuard: false });
          const settled: FeedMapping = {
            encoding: 'utf-8',
            delimiter: ',',
            headerRow: 1,
            columns: { supplierSku: 'sku', cost: 'cost', quantity: 'qty', weight: 'weight (kg)' },
          };
          const found = await all(text, { mapping: settled });
          expect(found.rows.length + found.refused.length).toBe(rows.length);
        },
      ),
    );
  });
});
