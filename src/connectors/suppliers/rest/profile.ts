import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { lineResponses } from '#ports/supplier';
import { profileUnusable, sentence } from '#connectors/suppliers/file';

const Path = Type.String({ pattern: '^/[^\\s?#]*$', maxLength: 200 });
/** `lines` or `order.lines`: names of members, from the outside in. */
const Member = Type.String({ pattern: '^(?!.*(__proto__|prototype|constructor))[A-Za-z_][\\w-]*(\\.[A-Za-z_][\\w-]*)*$', maxLength: 100 });
const Word = Type.String({ minLength: 1, maxLength: 100 });
const Words = Type.Union([Word, Type.Array(Word, { minItems: 1, maxItems: 50 })]);

const every = <N extends string, S extends Type.TSchema>(all: readonly N[], schema: S) =>
  Type.Object(Object.fromEntries(all.map((name) => [name, Type.Optional(schema)])) as Record<N, Type.TOptional<S>>, {
    additionalProperties: false,
  });

const orderFields = {
  number: 'po_number',
  orderNumber: 'order_ref',
  shipTo: 'ship_to',
  service: 'service',
  currency: 'currency',
  lines: 'lines',
} as const;
const lineFields = { position: 'line', sku: 'sku', quantity: 'qty', unitCost: 'unit_cost' } as const;
const lookupFields = { orders: 'orders', id: 'id', number: 'po_number' } as const;
const pageFields = { updates: 'updates', cursor: 'cursor', seq: 'seq' } as const;
const updateFields = {
  type: 'type',
  purchase: 'po_number',
  at: 'at',
  reference: 'id',
  lines: 'lines',
  position: 'line',
  sku: 'sku',
  status: 'status',
  quantity: 'qty',
  unitCost: 'unit_cost',
  expected: 'expected',
  reason: 'reason',
  shipment: 'shipment_id',
  shippedAt: 'shipped_at',
  parcels: 'parcels',
  carrier: 'carrier',
  tracking: 'tracking_number',
  outcome: 'outcome',
} as const;
const paths = { orders: '/v1/orders', cancel: '/v1/orders/{id}/cancel', updates: '/v1/updates' } as const;
const queries = { number: 'po_number', cursor: 'cursor', limit: 'limit' } as const;
const kinds = ['acknowledgement', 'shipment', 'cancellation'] as const;
const outcomes = ['accepted', 'refused'] as const;
const keysOf = <O extends object>(object: O): (keyof O & string)[] => Object.keys(object) as (keyof O & string)[];

/** A supplier's REST interface as data. What is not said is as in our own protocol. */
const RestProfile = Type.Object({
  baseUrl: Type.Optional(Type.String({ maxLength: 500 })),
  dedupes: Type.Optional(Type.Boolean({ description: 'Knows a purchase order number again, so that saying it twice is harmless' })),
  paths: Type.Optional(every(keysOf(paths), Path)),
  queries: Type.Optional(every(keysOf(queries), Word)),
  fields: Type.Optional(
    Type.Object(
      {
        order: Type.Optional(every(keysOf(orderFields), Member)),
        line: Type.Optional(every(keysOf(lineFields), Member)),
        lookup: Type.Optional(every(keysOf(lookupFields), Member)),
        page: Type.Optional(every(keysOf(pageFields), Member)),
        update: Type.Optional(every(keysOf(updateFields), Member)),
        placedId: Type.Optional(Member),
      },
      { additionalProperties: false },
    ),
  ),
  words: Type.Optional(
    Type.Object(
      {
        kinds: Type.Optional(every(kinds, Words)),
        responses: Type.Optional(every(lineResponses, Words)),
        outcomes: Type.Optional(every(outcomes, Words)),
      },
      { additionalProperties: false },
    ),
  ),
});
const shape = Compile(RestProfile);

type Names<O> = Readonly<Record<keyof O, string>>;

/** A profile with nothing left open. */
export interface SettledRest {
  dedupes: boolean;
  paths: Names<typeof paths>;
  queries: Names<typeof queries>;
  order: Names<typeof orderFields>;
  line: Names<typeof lineFields>;
  lookup: Names<typeof lookupFields>;
  page: Names<typeof pageFields>;
  update: Names<typeof updateFields>;
  placedId: string;
  kinds: ReadonlyMap<string, (typeof kinds)[number]>;
  responses: ReadonlyMap<string, (typeof lineResponses)[number]>;
  outcomes: ReadonlyMap<string, (typeof outcomes)[number]>;
}

/** What is wrong with the settings of a supplier by REST, in sentences. */
export function restSettingsTrouble(settings: unknown): string[] {
  if (!shape.Check(settings)) return [...shape.Errors(settings)].slice(0, 10).map(sentence);
  const cancel = settings.paths?.cancel;
  return cancel !== undefined && !cancel.includes('{id}') ? ['paths.cancel has no {id} for the order that is to be cancelled.'] : [];
}

/** Throws `Unreadable` that says in sentences what is wrong with the profile. */
export function settleRest(settings: unknown): SettledRest {
  const trouble = restSettingsTrouble(settings);
  if (trouble.length > 0) throw profileUnusable(trouble);
  const { fields = {}, words = {}, ...given } = settings as Static<typeof RestProfile>;
  return {
    dedupes: given.dedupes ?? false,
    paths: { ...paths, ...given.paths },
    queries: { ...queries, ...given.queries },
    order: { ...orderFields, ...fields.order },
    line: { ...lineFields, ...fields.line },
    lookup: { ...lookupFields, ...fields.lookup },
    page: { ...pageFields, ...fields.page },
    update: { ...updateFields, ...fields.update },
    placedId: fields.placedId ?? 'id',
    kinds: meanings(kinds, words.kinds),
    responses: meanings(lineResponses, words.responses),
    outcomes: meanings(outcomes, words.outcomes),
  };
}

function meanings<N extends string>(all: readonly N[], given: Partial<Record<N, string | string[]>> = {}): Map<string, N> {
  return new Map(all.flatMap((name) => [given[name] ?? name].flat().map((word): [string, N] => [word.toLowerCase(), name])));
}
