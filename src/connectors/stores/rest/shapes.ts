import Type, { type Static } from 'typebox';

const short = (maxLength: number) => Type.String({ maxLength });
const Amount = Type.String({ pattern: '^-?\\d{1,15}(\\.\\d{1,4})?$', description: 'A decimal as text, such as "12.50"' });
const Time = Type.String({ maxLength: 40 });
const Maybe = (schema: ReturnType<typeof short>) => Type.Optional(Type.Union([schema, Type.Null()]));

/** An order as the store writes it, in pages and in webhooks alike. Fields that we do not name are left alone. */
export const StoreOrder = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  number: Type.String({ minLength: 1, maxLength: 200 }),
  created_at: Time,
  updated_at: Time,
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  financial_status: Type.Enum(['pending', 'authorized', 'paid', 'partially_refunded', 'refunded', 'voided']),
  cancelled_at: Type.Union([Type.Null(), Time]),
  test: Type.Optional(Type.Boolean()),
  customer: Type.Object({ name: Maybe(short(300)), email: Maybe(short(320)), phone: Maybe(short(60)) }),
  shipping_address: Type.Object({
    name: Maybe(short(300)),
    company: Maybe(short(300)),
    line1: Maybe(short(300)),
    line2: Maybe(short(300)),
    city: Maybe(short(200)),
    region: Maybe(short(200)),
    postcode: Maybe(short(40)),
    country: Maybe(short(80)),
    phone: Maybe(short(60)),
  }),
  shipping_service: Type.Optional(Type.Enum(['standard', 'express'])),
  lines: Type.Array(
    Type.Object({
      id: Type.String({ minLength: 1, maxLength: 200 }),
      sku: short(200),
      title: Maybe(short(500)),
      quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      unit_price: Amount,
      discount: Type.Optional(Amount),
      tax: Type.Optional(Amount),
      cancelled_quantity: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
      kind: Type.Optional(Type.Enum(['goods', 'service'])),
    }),
    { minItems: 1, maxItems: 10_000 },
  ),
  subtotal: Amount,
  discount_total: Amount,
  shipping_total: Amount,
  tax_total: Amount,
  total: Amount,
  note: Maybe(short(5_000)),
  tags: Type.Optional(Type.Array(short(100), { maxItems: 250 })),
});
export type StoreOrder = Static<typeof StoreOrder>;

export const OrderPage = Type.Object({ orders: Type.Array(Type.Unknown(), { maxItems: 1_000 }), more: Type.Boolean() });
export const Fulfilment = Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) });
export const Fulfilments = Type.Object({
  fulfilments: Type.Array(
    Type.Object({ id: Type.String(), key: Type.Optional(Type.String()), tracking_number: Type.Optional(Type.String()) }),
    { maxItems: 1_000 },
  ),
});

const Shown = Type.Optional(Type.Union([Amount, Type.Null()]));
export const InventoryTaken = Type.Object({
  results: Type.Array(Type.Object({ sku: short(200), ok: Type.Boolean(), error: Type.Optional(short(500)) }), { maxItems: 1_000 }),
});
export const InventoryPage = Type.Object({
  items: Type.Array(
    Type.Object({
      sku: short(200),
      quantity: Type.Integer({ minimum: -1_000_000, maximum: 1_000_000_000 }),
      price: Shown,
      compare_at_price: Shown,
    }),
    { maxItems: 1_000 },
  ),
  more: Type.Boolean(),
});
