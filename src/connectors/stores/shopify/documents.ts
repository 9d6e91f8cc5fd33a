/** Everything that is asked of Shopify, as GraphQL, and the shapes of what is answered. Version 2026-10 of the Admin API. */
import Type, { type TSchema } from 'typebox';

const Text = Type.String();
const Maybe = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
const List = <S extends TSchema>(node: S, maxItems = 250) => Type.Object({ nodes: Type.Array(node, { maxItems }) });
const Paged = <S extends TSchema>(node: S) =>
  Type.Object({
    nodes: Type.Array(node, { maxItems: 250 }),
    pageInfo: Type.Object({ hasNextPage: Type.Boolean(), endCursor: Maybe(Text) }),
  });
const UserErrors = Type.Array(Type.Object({ field: Maybe(Type.Array(Text)), message: Text }), { maxItems: 1_000 });

/** Eight orders of ten lines cost below 1,000 points, the most that one question may. */
export const ordersPerPage = 8;
const money = '{ shopMoney { amount } }';
const lineFields = `
  id sku title name quantity currentQuantity unfulfilledQuantity requiresShipping isGiftCard
  originalUnitPriceSet ${money}
  discountAllocations { allocatedAmountSet ${money} }
  taxLines { priceSet ${money} }`;
const address = '{ name firstName lastName company address1 address2 city province provinceCode zip countryCodeV2 phone }';
const orderFields = `
  id name processedAt createdAt updatedAt cancelledAt test edited taxesIncluded currencyCode displayFinancialStatus email phone note tags
  customer { displayName }
  risk { recommendation }
  shippingAddress ${address}
  billingAddress ${address}
  shippingLine { title code }
  totalPriceSet ${money} subtotalPriceSet ${money} totalShippingPriceSet ${money} totalTaxSet ${money} totalTipReceivedSet ${money}
  totalRefundedSet ${money} originalTotalDutiesSet ${money} originalTotalAdditionalFeesSet ${money}
  lineItems(first: 10) { nodes { ${lineFields} } pageInfo { hasNextPage endCursor } }`;

export const ordersPage = `query OrdersPage($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) { nodes { ${orderFields} } pageInfo { hasNextPage endCursor } }
}`;
/** Orders are kept as they come; each is read by itself, so that one that does not fit stops no other. */
export const OrdersPage = Type.Object({ orders: Paged(Type.Unknown()) });

export const ordersNamed = `query OrdersNamed($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { ${orderFields} } } }`;
export const OrdersNamed = Type.Object({ nodes: Type.Array(Type.Unknown(), { maxItems: 250 }) });

export const moreLines = `query MoreLines($id: ID!, $after: String) {
  order(id: $id) { lineItems(first: 100, after: $after) { nodes { ${lineFields} } pageInfo { hasNextPage endCursor } } }
}`;
export const MoreLines = Type.Object({ order: Maybe(Type.Object({ lineItems: Paged(Type.Unknown()) })) });

export const toFulfil = `query ToFulfil($id: ID!) {
  order(id: $id) {
    name
    fulfillmentOrders(first: 20) { nodes { id status lineItems(first: 50) { nodes { id remainingQuantity lineItem { id } } } } }
  }
}`;
export const ToFulfil = Type.Object({
  order: Maybe(
    Type.Object({
      name: Text,
      fulfillmentOrders: List(
        Type.Object({
          id: Text,
          status: Text,
          lineItems: List(Type.Object({ id: Text, remainingQuantity: Type.Integer(), lineItem: Type.Object({ id: Text }) })),
        }),
      ),
    }),
  ),
});

export const fulfil = `mutation Fulfil($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { field message } }
}`;
export const Fulfil = Type.Object({
  fulfillmentCreate: Maybe(Type.Object({ fulfillment: Maybe(Type.Object({ id: Text })), userErrors: UserErrors })),
});

export const parcels = `query Parcels($id: ID!) { order(id: $id) { fulfillments(first: 50) { id status trackingInfo(first: 10) { number } } } }`;
export const Parcels = Type.Object({
  order: Maybe(
    Type.Object({
      fulfillments: Type.Array(Type.Object({ id: Text, status: Text, trackingInfo: Type.Array(Type.Object({ number: Maybe(Text) })) }), {
        maxItems: 250,
      }),
    }),
  ),
});

export const locations = `query Locations { locations(first: 50) { nodes { id name isActive fulfillsOnlineOrders shipsInventory } } }`;
const Location = Type.Object({
  id: Text,
  name: Text,
  isActive: Type.Boolean(),
  fulfillsOnlineOrders: Type.Boolean(),
  shipsInventory: Type.Boolean(),
});
export const Locations = Type.Object({ locations: List(Location) });

const level = 'inventoryLevel(locationId: $location) { quantities(names: ["available"]) { name quantity } }';
const Level = Maybe(Type.Object({ quantities: Type.Array(Type.Object({ name: Text, quantity: Type.Integer() })) }));
const Variant = Type.Object({
  id: Text,
  sku: Maybe(Text),
  price: Text,
  compareAtPrice: Maybe(Text),
  product: Type.Object({ id: Text }),
  inventoryItem: Type.Object({ id: Text, inventoryLevel: Level }),
});

export const shelfPage = `query ShelfPage($first: Int!, $after: String, $location: ID!) {
  productVariants(first: $first, after: $after, sortKey: ID) {
    nodes {
      id sku title barcode price compareAtPrice
      product { id title vendor featuredMedia { preview { image { url } } } }
      inventoryItem { id tracked ${level} }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;
const Picture = Maybe(Type.Object({ preview: Maybe(Type.Object({ image: Maybe(Type.Object({ url: Text })) })) }));
export const ShelfPage = Type.Object({
  productVariants: Paged(
    Type.Object({
      ...Variant.properties,
      title: Text,
      barcode: Maybe(Text),
      product: Type.Object({ id: Text, title: Text, vendor: Text, featuredMedia: Picture }),
      inventoryItem: Type.Object({ id: Text, tracked: Type.Boolean(), inventoryLevel: Level }),
    }),
  ),
});

export const figuresNow = `query FiguresNow($ids: [ID!]!, $location: ID!) {
  nodes(ids: $ids) { ... on ProductVariant { id sku price compareAtPrice product { id } inventoryItem { id ${level} } } }
}`;
export const FiguresNow = Type.Object({ nodes: Type.Array(Maybe(Variant), { maxItems: 250 }) });

export const bySku = `query BySku($query: String!, $location: ID!) {
  productVariants(first: 100, query: $query) { nodes { id sku price compareAtPrice product { id } inventoryItem { id ${level} } } }
}`;
export const BySku = Type.Object({ productVariants: List(Variant) });

export const setStock = `mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { code field message } }
}`;
export const SetStock = Type.Object({
  inventorySetQuantities: Maybe(
    Type.Object({ userErrors: Type.Array(Type.Object({ code: Maybe(Text), field: Maybe(Type.Array(Text)), message: Text })) }),
  ),
});

export const setPrices = `mutation SetPrices($product: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $product, variants: $variants, allowPartialUpdates: true) { userErrors { field message } }
}`;
export const SetPrices = Type.Object({ productVariantsBulkUpdate: Maybe(Type.Object({ userErrors: UserErrors })) });

export const look = `query Look {
  shop { name currencyCode ianaTimezone }
  locations(first: 50) { nodes { id name isActive fulfillsOnlineOrders shipsInventory } }
  currentAppInstallation { accessScopes { handle } }
  productVariantsCount { count }
}`;
export const Look = Type.Object({
  shop: Type.Object({ name: Text, currencyCode: Text, ianaTimezone: Text }),
  locations: List(Location),
  currentAppInstallation: Type.Object({ accessScopes: Type.Array(Type.Object({ handle: Text })) }),
  productVariantsCount: Maybe(Type.Object({ count: Type.Integer() })),
});

export const hooks = `query Hooks($uri: String!) { webhookSubscriptions(first: 100, uri: $uri) { nodes { id topic uri } } }`;
export const Hooks = Type.Object({ webhookSubscriptions: List(Type.Object({ id: Text, topic: Text, uri: Text })) });

export const addHook = `mutation AddHook($topic: WebhookSubscriptionTopic!, $hook: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $hook) { webhookSubscription { id } userErrors { field message } }
}`;
export const AddHook = Type.Object({
  webhookSubscriptionCreate: Maybe(Type.Object({ webhookSubscription: Maybe(Type.Object({ id: Text })), userErrors: UserErrors })),
});

export const cancelOrder = `mutation CancelOrder($id: ID!, $reason: OrderCancelReason!, $note: String) {
  orderCancel(orderId: $id, reason: $reason, restock: false, notifyCustomer: false, staffNote: $note) {
    job { id } orderCancelUserErrors { field message }
  }
}`;
export const CancelOrder = Type.Object({
  orderCancel: Maybe(Type.Object({ job: Maybe(Type.Object({ id: Text })), orderCancelUserErrors: UserErrors })),
});

export const payments = `query Payments($id: ID!) {
  order(id: $id) { cancelledAt note currencyCode transactions(first: 50) { id kind status gateway } }
}`;
export const Payments = Type.Object({
  order: Maybe(
    Type.Object({
      cancelledAt: Maybe(Text),
      note: Maybe(Text),
      currencyCode: Text,
      transactions: Type.Array(Type.Object({ id: Text, kind: Text, status: Text, gateway: Maybe(Text) }), { maxItems: 250 }),
    }),
  ),
});

export const refund = `mutation Refund($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) { refund { id } userErrors { field message } }
}`;
export const Refund = Type.Object({
  refundCreate: Maybe(Type.Object({ refund: Maybe(Type.Object({ id: Text })), userErrors: UserErrors })),
});

export const writeNote = `mutation WriteNote($input: OrderInput!) { orderUpdate(input: $input) { order { id } userErrors { field message } } }`;
export const WriteNote = Type.Object({
  orderUpdate: Maybe(Type.Object({ order: Maybe(Type.Object({ id: Text })), userErrors: UserErrors })),
});

export const addTags = `mutation AddTags($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } } }`;
export const AddTags = Type.Object({ tagsAdd: Maybe(Type.Object({ node: Maybe(Type.Object({ id: Text })), userErrors: UserErrors })) });
