import type { StoreFace } from './face.ts';
import { restFace } from './store.ts';
import { magentoFace } from './store-magento.ts';
import { shopifyFace } from './store-shopify.ts';
import { wooFace } from './store-woocommerce.ts';
import type { Shop } from './stores.ts';

/** By the kind of shop. CSV shops have none: they leave files. */
export const faces: Readonly<Record<string, StoreFace>> = {
  rest: restFace,
  woocommerce: wooFace,
  shopify: shopifyFace,
  magento: magentoFace,
};

export function faceOf({ kind, code }: Shop): StoreFace {
  const face = faces[kind];
  if (face === undefined) throw new Error(`store ${code} is of kind ${kind}, which nobody plays in this world`);
  return face;
}
