import { readFileSync } from 'node:fs';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { supplierSettingsTrouble } from '#connectors/suppliers';
import { detectCsv, readCsv } from '#formats/csv';
import { readGtin } from '#kernel/gtin';
import { uuidV7 } from '#kernel/id';
import { readDecimal } from '#kernel/money';
import { addPerson, addTenant, allTenants, personByEmail } from '#modules/identity';
import { workMatches } from '#flows/match-life';
import { addVariants, type NewVariant } from '#modules/catalog';
import { addSuppliers, supplierCodes } from '#modules/suppliers';
import { sleep, systemChance, systemClock } from '#platform/time';
import {
  listings,
  type ListingsCommand,
  matches,
  type MatchesCommand,
  pricing,
  type PricingCommand,
  variants,
  type VariantsCommand,
} from '#surfaces/cli';
import { begin, type Begun } from './begin.ts';
import { realOutside } from './outside.ts';
import { makeProgram, type Program } from './program.ts';
import { sealSecrets, secretField } from './wire.ts';
import { signInToken } from './start.ts';

export type Say = (line: string) => void;

/** Runs one office errand on the database of this installation. */
export async function errand(say: Say, work: (program: Program, begun: Begun) => Promise<void>): Promise<void> {
  const begun = await begin(say);
  const { outside, close } = realOutside(begun.config);
  const program = makeProgram({
    url: begun.url,
    clock: systemClock,
    chance: systemChance,
    sleep,
    outsideOf: () => outside,
    sealer: begun.sealer,
    linkKey: begun.linkKey,
    connections: 2,
    concurrency: 1,
    publicUrl: begun.config.publicUrl ?? `http://localhost:${begun.config.port}`,
    mailFrom: begun.config.mailFrom ?? '',
  });
  try {
    await work(program, begun);
  } finally {
    await program.close();
    await close();
    await begun.stop();
  }
}

/** The tenant of that name, or the only one there is. */
export async function tenantNamed(program: Pick<Program, 'db'>, name: string | undefined): Promise<string> {
  const tenants = await program.db.outsideTenants(allTenants);
  const fitting = name === undefined ? tenants : tenants.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  const [only] = fitting;
  if (only && fitting.length === 1) return only.id;
  const known = tenants.map((one) => `"${one.name}"`).join(', ') || 'none yet; "stockless tenant add <name> --email <address>" makes one';
  throw new Error(
    name === undefined
      ? `Say which tenant with --tenant: ${known}.`
      : `There is ${fitting.length === 0 ? 'no' : 'more than one'} tenant "${name}". Known: ${known}.`,
  );
}

export const addTenantCommand = (say: Say, name: string, email: string): Promise<void> =>
  errand(say, async (program) => {
    const id = uuidV7(systemClock.now(), systemChance);
    await program.db.outsideTenants((tx) => addTenant(tx, { id, name, mode: 'live', brand: {}, settings: {} }));
    await program.db.tx(id, (tx) => addPerson(tx, { id: tx.newId(), email, name: email.split('@')[0] ?? email, role: 'owner' }));
    say(`${name} is there, with ${email} as its owner. "stockless link" signs in.`);
  });

export const linkCommand = (say: Say, tenant: string | undefined, email: string | undefined): Promise<void> =>
  errand(say, async (program) => {
    const id = await tenantNamed(program, tenant);
    const person = email ? await program.db.tx(id, (tx) => personByEmail(tx, email)) : null;
    if (email && !person) throw new Error(`Nobody of this tenant has the address ${email}.`);
    process.stdout.write(`${program.options.publicUrl}/?t=${await signInToken(program, id, person?.id)}\n`);
    say('Valid once, for ten minutes.');
  });

const amount = Type.Union([Type.String({ pattern: '^\\d{1,15}$' }), Type.Integer({ minimum: 0 })]);
const SupplierFile = Type.Object(
  {
    code: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    time_zone: Type.String({ maxLength: 60 }),
    ships_to: Type.Array(Type.String({ maxLength: 20 }), { maxItems: 300 }),
    rank: Type.Integer({ minimum: 0, maximum: 1000 }),
    handling_days: Type.Integer({ minimum: 0, maximum: 120 }),
    transit_days: Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: 365 })),
    ack_hours: Type.Integer({ minimum: 1, maximum: 720 }),
    ship_hours: Type.Integer({ minimum: 1, maximum: 2400 }),
    order_fee_minor: amount,
    shipping_minor: Type.Record(Type.String(), amount),
    transport: Type.Enum(['file', 'email', 'rest']),
    transport_settings: Type.Record(Type.String(), Type.Unknown()),
    secrets: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 20_000 }))),
    contact_email: Type.String({ maxLength: 254 }),
  },
  { additionalProperties: false },
);

export const addSupplierCommand = (say: Say, file: string, tenant: string | undefined): Promise<void> =>
  errand(say, async (program) => {
    const given: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!Value.Check(SupplierFile, given)) {
      const [first] = Value.Errors(SupplierFile, given);
      throw new Error(
        `${file} does not describe a supplier: ${first?.instancePath || 'it'} ${first?.message ?? ''}. docs/operate/suppliers.md shows one of each kind.`,
      );
    }
    const trouble = supplierSettingsTrouble(given.transport, given.transport_settings);
    if (trouble.length > 0) throw new Error(`${file}: ${trouble.join(' ')}`);
    const id = await tenantNamed(program, tenant);
    await program.db.tx(id, async (tx) => {
      // Secrets are sealed for the row they belong to, and stay when none are given.
      const supplier = (await supplierCodes(tx)).get(given.code) ?? tx.newId();
      const { secrets, order_fee_minor, ...row } = given;
      await addSuppliers(tx, [
        {
          ...row,
          id: supplier,
          state: 'live',
          order_fee_minor: BigInt(order_fee_minor),
          secrets: secrets ? sealSecrets(program.options.sealer, secrets, id, secretField('supplier', supplier)) : null,
        },
      ]);
    });
    say(`${given.name} is there. Import what it offers with "stockless feed import <file> --supplier ${given.code}".`);
  });

const variantColumns = ['sku', 'title', 'brand', 'gtin', 'mpn', 'price', 'currency'] as const;

/** What the shop sells, from a CSV; offers that carry the same GTIN or our very SKU are matched to it. */
export const variantsCommand = (say: Say, path: string, tenant: string | undefined): Promise<void> =>
  errand(say, async (program) => {
    const rows = await readVariants(path);
    const id = await tenantNamed(program, tenant);
    await program.db.tx(id, (tx) => addVariants(tx, rows));
    const { confirmed, suggested } = await workMatches(program.db, id);
    say(`${rows.length} variants are there; ${confirmed} offers were matched to them, ${suggested} wait for a look.`);
  });

async function readVariants(path: string): Promise<NewVariant[]> {
  const bytes = readFileSync(path);
  const guess = detectCsv(bytes);
  let header: string[] = [];
  const rows: NewVariant[] = [];
  for await (const record of readCsv(once(bytes), {
    encoding: guess.encoding,
    delimiter: guess.delimiter,
    headerRow: guess.headerRow ?? 1,
  })) {
    if (record.kind === 'header') header = record.cells.map((cell) => cell.trim().toLowerCase());
    else if (record.kind === 'problem') throw new Error(`${path}, line ${record.line}: ${record.message}. Nothing was taken.`);
    else rows.push(variantOf(path, record.line, header, record.cells));
  }
  if (!header.includes('sku') || !header.includes('title'))
    throw new Error(`${path} needs the columns sku and title; it has ${header.join(', ')}. Known are ${variantColumns.join(', ')}.`);
  return rows;
}

function variantOf(path: string, line: number, header: readonly string[], cells: readonly string[]): NewVariant {
  const cell = (name: (typeof variantColumns)[number]): string => (cells[header.indexOf(name)] ?? '').trim();
  const wrong = (name: string, what: string): Error => new Error(`${path}, line ${line}: ${name} ${what}. Nothing was taken.`);
  const currency = cell('currency');
  if (cell('sku') === '') throw wrong('sku', 'is empty');
  if (cell('price') !== '' && !/^[A-Z]{3}$/.test(currency)) throw wrong('currency', `is "${currency}", and a price needs one such as USD`);
  const price = cell('price') === '' ? null : readDecimal(cell('price'), currency);
  if (cell('price') !== '' && !price) throw wrong('price', `is "${cell('price')}", not an amount such as 12.50`);
  const gtin = cell('gtin') === '' ? null : readGtin(cell('gtin'));
  if (cell('gtin') !== '' && !gtin) throw wrong('gtin', `is "${cell('gtin')}", whose length or check digit does not fit`);
  return {
    sku: cell('sku'),
    title: cell('title'),
    brand: cell('brand'),
    gtin,
    ...(cell('mpn') === '' ? {} : { mpn: cell('mpn') }),
    price_minor: price?.minor ?? null,
    currency: price ? currency : null,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export const pricingCommand = (say: Say, command: PricingCommand, tenant: string | undefined): Promise<void> =>
  errand(say, async ({ db }, _begun) => {
    const id = await tenantNamed({ db }, tenant);
    const print = (text: string): void => void process.stdout.write(`${text}\n`);
    process.exitCode = await pricing({ db, tenant: id, say, print }, command);
  });

export const listingsCommand = (say: Say, command: ListingsCommand, tenant: string | undefined): Promise<void> =>
  errand(say, async ({ db }, _begun) => {
    process.exitCode = await listings({ db, tenant: await tenantNamed({ db }, tenant), say }, command);
  });

export const sheetCommand = (say: Say, command: VariantsCommand, tenant: string | undefined): Promise<void> =>
  errand(say, async ({ db }, _begun) => {
    process.exitCode = await variants({ db, tenant: await tenantNamed({ db }, tenant), say }, command);
  });

export const matchesCommand = (say: Say, command: MatchesCommand, tenant: string | undefined): Promise<void> =>
  errand(say, async ({ db }, _begun) => {
    process.exitCode = await matches({ db, tenant: await tenantNamed({ db }, tenant), say }, command);
  });
