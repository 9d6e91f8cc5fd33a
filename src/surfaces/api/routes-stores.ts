import { problem } from '#kernel/problem';
import type { StoreKind } from '#ports/store';
import { callerIn, reads, type Rooms, route } from './route.ts';
import { List } from './schemas.ts';
import { StoreKindRow, StoreLook, StoreProbe } from './schemas-parties.ts';

/** What can be connected, and a look at a store before it is. */
export function storeRoutes(rooms: Rooms): void {
  const of = 'Channels';
  const kinds = rooms.deps.stores?.kinds ?? [];
  reads(
    rooms,
    '/store-kinds',
    { needs: 'channels:read', summary: 'Kinds of stores that can be connected', of, answer: List(StoreKindRow) },
    async () => ({
      data: kinds.map(kindOf),
      next: null,
    }),
  );
  route(
    rooms,
    'POST',
    '/channels/probe',
    {
      needs: 'channels:write',
      summary: 'Look at a store before it is connected; nothing is changed there or here',
      of,
      body: StoreProbe,
      answer: StoreLook,
    },
    async ({ body, request }) => {
      const { stores } = rooms.deps;
      if (!stores) throw problem('not-ready', 'Stores cannot be asked from here.');
      return stores.probe(callerIn(request).tenant.id, { kind: body.kind, currency: body.currency ?? 'USD', fields: body.fields });
    },
  );
}

const kindOf = ({ kind, name, fields, steps, scopes, cannot, hear }: StoreKind): StoreKindRow => ({
  kind,
  name,
  fields: fields.map((field) => ({ placeholder: '', ...field })),
  steps: [...steps],
  scopes: [...scopes],
  cannot: [...cannot],
  hears: hear !== undefined,
});
