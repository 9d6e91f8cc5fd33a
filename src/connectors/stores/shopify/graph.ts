import type { Static, TSchema } from 'typebox';
import { Fault } from '#kernel/fault';
import { dataOf, type GraphqlAnswer, graphqlReply } from '#formats/graphql';
import type { Api } from '#ports/api';

const path = '/api/2026-10/graphql.json';

/** Questions and sayings in GraphQL, with the faults that its errors are. */
export interface Graph {
  ask<S extends TSchema>(query: string, shape: S, variables?: object): Promise<Static<S>>;
  say<S extends TSchema>(query: string, shape: S, variables: object, key: string): Promise<Static<S>>;
}

const nameOf = (query: string): string => /^\w+ (\w+)/.exec(query)?.[1] ?? 'GraphQL';

export const graphOf = (api: Api): Graph => ({
  ask: async (query, shape, variables = {}) => {
    const answer = await api.ask(path, graphqlReply(shape), { query, variables });
    return dataOf(answer as GraphqlAnswer<Static<typeof shape>>, `${nameOf(query)} of Shopify`, false);
  },
  say: async (query, shape, variables, key) => {
    const answer = await api.post(path, graphqlReply(shape), { query, variables }, key);
    return dataOf(answer as GraphqlAnswer<Static<typeof shape>>, `${nameOf(query)} of Shopify`, true);
  },
});

/** What was said was refused where Shopify names errors in it. */
export function insist(errors: readonly { field: string[] | null; message: string }[] | undefined, what: string): void {
  if (errors === undefined) throw new Fault('unknown', 'no-payload', `${what} was answered with nothing; it may have happened.`);
  if (errors.length === 0) return;
  const said = errors.map(({ field, message }) => (field ? `${field.join('.')}: ${message}` : message)).join('; ');
  throw new Fault('refused', 'user-error', `Shopify did not take ${what}: ${said.slice(0, 500)}`);
}

/** `gid://shopify/Order/450789469` → `450789469`: the number is what webhooks and people know. */
export const numberOf = (gid: string): string => gid.slice(gid.lastIndexOf('/') + 1).replace(/\?.*$/, '');

/** Throws for what is no number of Shopify's. */
export function gidOf(kind: string, number: string): string {
  if (!/^\d{1,20}$/.test(number))
    throw new Fault('refused', 'no-such-id', `"${number.slice(0, 60)}" is no ${kind.toLowerCase()} of Shopify's.`);
  return `gid://shopify/${kind}/${number}`;
}
