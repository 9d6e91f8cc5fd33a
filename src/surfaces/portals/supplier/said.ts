import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { instant } from '#kernel/time';
import { Unreadable } from '#kernel/unreadable';
import { type Acknowledged, lineResponses, type Shipped, type SupplierSaid } from '#ports/supplier';

export const intents = ['confirm', 'some', 'reject', 'ship'] as const;
export type Intent = (typeof intents)[number];

const Position = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const Units = Type.Integer({ minimum: 0, maximum: 1_000_000 });
const Short = Type.String({ maxLength: 500 });
const Kept = Type.Object({
  intent: Type.Enum(intents),
  /** When the page was opened whose form this is: the same form sent twice is the same answer. */
  opened: Type.String({ maxLength: 40 }),
  said: Type.Array(
    Type.Union([
      Type.Object({
        what: Type.Literal('acknowledgement'),
        purchase: Short,
        all: Type.Optional(Type.Enum(['accepted', 'rejected'])),
        reason: Type.Optional(Short),
        lines: Type.Array(
          Type.Object({
            position: Position,
            response: Type.Enum(lineResponses),
            quantity: Type.Optional(Units),
            expectedAt: Type.Optional(Type.String({ maxLength: 40 })),
            reason: Type.Optional(Short),
          }),
          { maxItems: 5_000 },
        ),
      }),
      Type.Object({
        what: Type.Literal('shipment'),
        purchase: Short,
        reference: Short,
        shippedAt: Type.String({ maxLength: 40 }),
        parcels: Type.Array(
          Type.Object({
            carrier: Short,
            number: Short,
            lines: Type.Array(Type.Object({ position: Position, quantity: Units }), { maxItems: 5_000 }),
          }),
          { maxItems: 100 },
        ),
      }),
    ]),
    { maxItems: 10 },
  ),
});
const shape = Compile(Kept);

export interface PortalAnswer {
  intent: Intent;
  opened: Temporal.Instant;
  said: (Acknowledged | Shipped)[];
}

/** The answer as the bytes that are kept: instants as text. The same answer gives the same bytes. */
export const writePortalAnswer = (answer: PortalAnswer): Uint8Array => new TextEncoder().encode(JSON.stringify(answer));

/** What a supplier said on the page, from the bytes that were kept. Throws `Unreadable` when they are not what the page keeps. */
export const readPortalAnswer = (bytes: Uint8Array): SupplierSaid[] => readWhole(bytes).said;

export function readWhole(bytes: Uint8Array): PortalAnswer {
  const value = parsed(bytes);
  if (!shape.Check(value)) {
    const [first] = shape.Errors(value);
    throw new Unreadable(
      'misfit',
      `${first?.instancePath.slice(1).replaceAll('/', '.') || 'The answer'} ${first?.message ?? 'is not as expected'}.`,
      { fix },
    );
  }
  try {
    return { intent: value.intent, opened: instant(value.opened), said: value.said.map(instants) };
  } catch (cause) {
    throw new Unreadable('time', `A time in it cannot be read: ${(cause as Error).message}.`, { fix, cause });
  }
}

const fix = 'It was not written by the page of this program; dismiss it, and ask the supplier to answer again.';

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Unreadable('not-json', `It is not JSON in UTF-8: ${(cause as Error).message}.`, { fix, cause });
  }
}

function instants(said: Static<typeof Kept>['said'][number]): Acknowledged | Shipped {
  if (said.what === 'shipment') return { ...said, shippedAt: instant(said.shippedAt) };
  return {
    ...said,
    lines: said.lines.map(({ expectedAt, ...line }) => ({ ...line, ...(expectedAt ? { expectedAt: instant(expectedAt) } : {}) })),
  };
}
