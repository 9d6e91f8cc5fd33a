/**
 * A *supplier* sends what we sell. Its *transport* is how purchase orders reach it and answers come back; its *profile* says, as data,
 * how it writes them. It is *polled* for what it left for us.
 */
export { decidePolled, decidePollFailed } from './decide.ts';
export { addSuppliers, changeSupplier, findSupplier, recordPolled, supplier, supplierCodes } from './store.ts';
export type { NewSupplier, Supplier, SupplierChange } from './words.ts';
