import Type, { type Static, type TSchema } from 'typebox';

const short = (maxLength: number) => Type.String({ maxLength });
const Maybe = <S extends TSchema>(schema: S) => Type.Optional(Type.Union([schema, Type.Null()]));
/** Amounts come as JSON numbers of up to four places. */
const Amount = Maybe(Type.Number({ minimum: -1e12, maximum: 1e12 }));
const Units = Maybe(Type.Number({ minimum: 0, maximum: 1_000_000 }));
const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });

const Address = Type.Object({
  firstname: Maybe(short(300)),
  lastname: Maybe(short(300)),
  company: Maybe(short(300)),
  street: Maybe(Type.Array(short(300), { maxItems: 10 })),
  city: Maybe(short(200)),
  region: Maybe(short(200)),
  region_code: Maybe(short(40)),
  postcode: Maybe(short(40)),
  country_id: Maybe(short(10)),
  telephone: Maybe(short(100)),
});
export type MagentoAddress = Static<typeof Address>;

const Item = Type.Object({
  item_id: Id,
  parent_item_id: Maybe(Id),
  sku: short(200),
  name: Maybe(short(1_000)),
  product_type: Maybe(short(60)),
  qty_ordered: Type.Number({ minimum: 0, maximum: 1_000_000 }),
  qty_canceled: Units,
  qty_refunded: Units,
  qty_shipped: Units,
  row_total: Amount,
  discount_amount: Amount,
  tax_amount: Amount,
});
export type MagentoItem = Static<typeof Item>;

export const MagentoOrder = Type.Object({
  entity_id: Id,
  increment_id: Type.String({ minLength: 1, maxLength: 200 }),
  created_at: short(40),
  updated_at: short(40),
  state: Maybe(short(60)),
  status: Maybe(short(60)),
  order_currency_code: Type.String({ pattern: '^[A-Z]{3}$' }),
  grand_total: Type.Number({ minimum: -1e12, maximum: 1e12 }),
  subtotal: Amount,
  shipping_amount: Amount,
  shipping_discount_amount: Amount,
  tax_amount: Amount,
  discount_tax_compensation_amount: Amount,
  shipping_discount_tax_compensation_amount: Amount,
  total_paid: Amount,
  total_refunded: Amount,
  customer_email: Maybe(short(320)),
  customer_firstname: Maybe(short(300)),
  customer_lastname: Maybe(short(300)),
  customer_note: Maybe(short(10_000)),
  shipping_description: Maybe(short(500)),
  billing_address: Maybe(Address),
  payment: Maybe(Type.Object({ amount_authorized: Amount })),
  status_histories: Maybe(Type.Array(Type.Object({ comment: Maybe(Type.String()) }), { maxItems: 10_000 })),
  items: Type.Array(Item, { maxItems: 20_000 }),
  extension_attributes: Maybe(
    Type.Object({
      shipping_assignments: Maybe(Type.Array(Type.Object({ shipping: Type.Object({ address: Maybe(Address) }) }), { maxItems: 100 })),
      gift_cards_amount: Amount,
      customer_balance_amount: Amount,
    }),
  ),
});
export type MagentoOrder = Static<typeof MagentoOrder>;

const Found = <S extends TSchema>(item: S) =>
  Type.Object({ items: Type.Union([Type.Array(item, { maxItems: 1_000 }), Type.Null()]), total_count: Type.Integer({ minimum: 0 }) });

/** Pages are taken as they are and kept; each order is read by itself, so that one that does not fit stops no other. */
export const Orders = Found(Type.Unknown());
export const Shipments = Found(
  Type.Object({ entity_id: Id, tracks: Maybe(Type.Array(Type.Object({ track_number: Maybe(Type.String()) }), { maxItems: 1_000 })) }),
);
export const Products = Found(
  Type.Object({
    sku: short(200),
    name: Maybe(Type.String()),
    price: Maybe(Type.Number()),
    type_id: Maybe(Type.String()),
    media_gallery_entries: Maybe(Type.Array(Type.Object({ file: Maybe(Type.String()) }), { maxItems: 1_000 })),
    custom_attributes: Maybe(Type.Array(Type.Object({ attribute_code: Type.String(), value: Type.Unknown() }), { maxItems: 1_000 })),
  }),
);
export const SourceItems = Found(
  Type.Object({ sku: short(200), source_code: Type.String(), quantity: Maybe(Type.Number()), status: Maybe(Type.Integer()) }),
);
export const SpecialPrices = Type.Array(
  Type.Object({
    sku: short(200),
    price: Type.Number(),
    store_id: Type.Integer(),
    price_from: Maybe(Type.String()),
    price_to: Maybe(Type.String()),
  }),
  { maxItems: 10_000 },
);
/** What was not taken of many: the rows with their reasons. */
export const Untaken = Type.Array(Type.Object({ message: Type.String(), parameters: Maybe(Type.Array(Type.Unknown())) }), {
  maxItems: 10_000,
});
export const Configs = Type.Array(
  Type.Object({
    code: Type.String(),
    base_currency_code: Maybe(Type.String()),
    timezone: Maybe(Type.String()),
    base_url: Maybe(Type.String()),
  }),
  { maxItems: 1_000 },
);
export const Anything = Type.Unknown();
export const Yes = Type.Boolean();
export const Made = Type.Union([Type.Integer(), Type.String()]);
