import Type, { type Static } from 'typebox';

const short = (maxLength: number) => Type.String({ maxLength });
/** Decimals as text; the shop's setting says how many places they have. */
const Amount = Type.String({ pattern: '^-?\\d{1,13}(\\.\\d{1,6})?$' });
/** Without a zone; the `_gmt` ones are UTC. */
const Time = Type.Union([Type.Null(), short(40)]);
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
const Meta = Type.Optional(Type.Array(Type.Object({ key: Type.String(), value: Type.Unknown() }), { maxItems: 2_000 }));

const Address = Type.Object({
  first_name: short(300),
  last_name: short(300),
  company: short(300),
  address_1: short(300),
  address_2: short(300),
  city: short(200),
  state: short(200),
  postcode: short(40),
  country: short(80),
  phone: Type.Optional(short(100)),
  email: Type.Optional(short(320)),
});

export const WooOrder = Type.Object({
  id: Id,
  number: Type.String({ minLength: 1, maxLength: 200 }),
  status: Type.String({ minLength: 1, maxLength: 60 }),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  date_created_gmt: Time,
  date_modified_gmt: Time,
  date_paid_gmt: Time,
  total: Amount,
  total_tax: Amount,
  shipping_total: Amount,
  customer_note: short(5_000),
  billing: Address,
  shipping: Address,
  line_items: Type.Array(
    Type.Object({
      id: Id,
      name: Type.Union([Type.Null(), short(1_000)]),
      product_id: Type.Integer({ minimum: 0 }),
      variation_id: Type.Integer({ minimum: 0 }),
      quantity: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
      subtotal: Amount,
      total: Amount,
      total_tax: Amount,
      sku: Type.Optional(Type.Union([Type.Null(), short(200)])),
    }),
    { maxItems: 10_000 },
  ),
  shipping_lines: Type.Array(Type.Object({ method_title: Type.Union([Type.Null(), short(300)]), method_id: Type.Optional(short(100)) }), {
    maxItems: 100,
  }),
  fee_lines: Type.Array(Type.Object({ name: Type.Union([Type.Null(), short(300)]), total: Amount }), { maxItems: 1_000 }),
  refunds: Type.Array(Type.Object({ id: Id, total: Amount }), { maxItems: 1_000 }),
  meta_data: Meta,
});
export type WooOrder = Static<typeof WooOrder>;

/** A refund with its lines, whose quantities are negative; which line of the order is meant stands in their meta. */
export const WooRefund = Type.Object({
  id: Id,
  amount: Amount,
  meta_data: Meta,
  line_items: Type.Array(Type.Object({ quantity: Type.Integer({ minimum: -1_000_000, maximum: 0 }), meta_data: Meta }), {
    maxItems: 10_000,
  }),
});
export type WooRefund = Static<typeof WooRefund>;
export const WooRefunds = Type.Array(WooRefund, { maxItems: 1_000 });
export type WooRefunds = Static<typeof WooRefunds>;

/** Pages are taken as they are and kept; each order is read by itself, so that one that does not fit stops no other. */
export const Page = Type.Array(Type.Unknown(), { maxItems: 1_000 });

export const WooNotes = Type.Array(Type.Object({ id: Id, note: Type.String() }), { maxItems: 10_000 });
export const Made = Type.Object({ id: Id });

export const WooHook = Type.Object({ id: Id, status: Type.String(), topic: Type.String(), delivery_url: Type.String() });
export const WooHooks = Type.Array(WooHook, { maxItems: 1_000 });

const Product = Type.Object({
  id: Id,
  name: Type.Optional(Type.String()),
  sku: Type.Union([Type.Null(), short(200)]),
  regular_price: Type.String(),
  sale_price: Type.String(),
  price: Type.Union([Type.String(), Type.Number()]),
  manage_stock: Type.Union([Type.Boolean(), Type.Literal('parent')]),
  stock_quantity: Type.Union([Type.Null(), Type.Integer()]),
  stock_status: Type.Optional(Type.String()),
  global_unique_id: Type.Optional(Type.String()),
});
export const WooProducts = Type.Array(
  Type.Object({
    ...Product.properties,
    type: Type.String(),
    images: Type.Optional(Type.Array(Type.Object({ src: Type.String() }))),
    variations: Type.Optional(Type.Array(Type.Integer())),
  }),
  { maxItems: 100 },
);
export const WooVariations = Type.Array(
  Type.Object({ ...Product.properties, image: Type.Optional(Type.Union([Type.Null(), Type.Object({ src: Type.String() })])) }),
  { maxItems: 100 },
);
export type WooProduct = Static<typeof Product>;

export const Batched = Type.Object({
  update: Type.Optional(
    Type.Array(Type.Object({ id: Type.Integer(), error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })) }), {
      maxItems: 100,
    }),
  ),
});

export const Status = Type.Object({
  environment: Type.Optional(Type.Object({ version: Type.Optional(Type.String()), home_url: Type.Optional(Type.String()) })),
  settings: Type.Optional(Type.Object({ currency: Type.Optional(Type.String()) })),
});
