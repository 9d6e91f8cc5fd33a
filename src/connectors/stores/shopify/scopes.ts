/** The least that is needed, and why. */
export const scopes: readonly { name: string; why: string }[] = [
  { name: 'read_orders', why: 'to read orders, their changes and refunds' },
  { name: 'write_orders', why: 'to cancel and refund them, and to write notes and tags' },
  { name: 'read_products', why: 'to read what is sold, with SKUs, barcodes and prices' },
  { name: 'write_products', why: 'to say prices' },
  { name: 'read_inventory', why: 'to read stock' },
  { name: 'write_inventory', why: 'to say stock' },
  { name: 'read_locations', why: 'to know where stock is kept' },
  { name: 'read_merchant_managed_fulfillment_orders', why: 'to know what of an order is still to be shipped' },
  { name: 'write_merchant_managed_fulfillment_orders', why: 'to say what was shipped, with its tracking numbers' },
];
