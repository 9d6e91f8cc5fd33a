/** Every kind of store that is asked by API, and CSV files. A new one is a folder beside these and a line here. */
import type { StoreKind } from '#ports/store';
import { magentoKind } from '#connectors/stores/magento';
import { restKind } from '#connectors/stores/rest';
import { shopifyKind } from '#connectors/stores/shopify';
import { wooKind } from '#connectors/stores/woocommerce';

export const storeKinds: readonly StoreKind[] = [shopifyKind, wooKind, magentoKind, restKind];

export const findStoreKind = (kind: string): StoreKind | undefined => storeKinds.find((one) => one.kind === kind);
