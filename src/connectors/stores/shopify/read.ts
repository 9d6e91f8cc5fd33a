import { Unreadable } from '#kernel/unreadable';
import type { ChannelOrder } from '#ports/channel';
import { readNode } from './read-node.ts';
import { readRest } from './read-rest.ts';

/** Reads an order: of our own question in GraphQL, or of a webhook, which has another shape for the same. */
export function readShopifyOrder(bytes: Uint8Array): ChannelOrder[] {
  const value = parse(bytes);
  const { order, id } = (typeof value === 'object' && value !== null ? value : {}) as { order?: unknown; id?: unknown };
  return [typeof id === 'string' && id.startsWith('gid://') ? readNode(value) : readRest(order ?? value)];
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Unreadable('not-json', `It is not JSON in UTF-8: ${(error as Error).message}.`, {
      fix: 'Look at the raw bytes; something else may have answered in place of Shopify.',
      cause: error,
    });
  }
}
