import { readFileSync } from 'node:fs';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { supplierSettingsTrouble } from '#connectors/suppliers';
import { uuidV7 } from '#kernel/id';
import { addPerson, addTenant, allTenants, personByEmail } from '#modules/identity';
import { addSuppliers } from '#modules/suppliers';
import { sleep, systemChance, systemClock } from '#platform/time';
import { feedImport } from '#surfaces/cli';
import { begin, type Begun } from './begin.ts';
import { feedRoom } from './feeds.ts';
import { realOutside } from './outside.ts';
import { makeProgram, type Program, sealSecrets, secretField } from './program.ts';
import { signInToken } from './start.ts';

type Say = (line: string) => void;

/** Runs one office errand on the database of this installation. */
async function errand(say: Say, work: (program: Program, begun: Begun) => Promise<void>): Promise<void> {
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
async function tenantNamed(program: Program, name: string | undefined): Promise<string> {
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
      const supplier = tx.newId();
      const { secrets, order_fee_minor, ...row } = given;
      await addSuppliers(tx, [
        {
          ...row,
          id: supplier,
          state: 'live',
          order_fee_minor: BigInt(order_fee_minor),
          secrets: sealSecrets(program.options.sealer, secrets ?? {}, id, secretField('supplier', supplier)),
        },
      ]);
    });
    say(`${given.name} is there. Import what it offers with "stockless feed import <file> --supplier ${given.code}".`);
  });

export const feedCommand = (say: Say, path: string, supplier: string, tenant: string | undefined): Promise<void> =>
  errand(say, async (program, begun) => {
    const id = await tenantNamed(program, tenant);
    process.exitCode = await feedImport(feedRoom(program, begun.dataDir, begun.log), id, { path, supplier, by: 'cli', say });
  });
