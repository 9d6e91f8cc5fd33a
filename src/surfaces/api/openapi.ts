import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import * as shared from './schemas.ts';
import * as feeds from './schemas-feeds.ts';
import * as orders from './schemas-orders.ts';
import * as parts from './schemas-parts.ts';
import * as parties from './schemas-parties.ts';
import * as listings from './schemas-listings.ts';
import * as matches from './schemas-matches.ts';
import * as pricing from './schemas-pricing.ts';
import * as session from './schemas-session.ts';
import * as variants from './schemas-variants.ts';
import * as work from './schemas-work.ts';

/** The description of the API, made from the schemas that check it: OpenAPI 3.1 with every shape under its own name. */
export async function describe(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Stockless',
        version: '1',
        description:
          'Lists answer {data, next}; send `next` as `after` for the page behind. A write takes `Idempotency-Key` and `?dry_run=true`. Errors are RFC 9457 problems with a `code` and what to do.',
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'A restricted key: sk_live_…, sk_test_…, sk_demo_…' },
          session: { type: 'apiKey', in: 'cookie', name: publicUrl.startsWith('https:') ? '__Host-stockless' : 'stockless_session' },
        },
      },
      security: [{ key: [] }, { session: [] }],
    },
    hideUntagged: true,
  });
  let text = '';
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    text ||= JSON.stringify(byName(app.swagger() as Record<string, unknown>));
    return reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(text);
  });
}

const isSchema = (value: unknown): value is TSchema =>
  typeof value === 'object' && value !== null && ('type' in value || 'anyOf' in value) && !Array.isArray(value);

/** Shapes written out in many places become one component that is referred to; what is the same is told by its text. */
function byName(document: Record<string, unknown>): Record<string, unknown> {
  const names = new Map<string, string>();
  const schemas: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries({
    ...shared,
    ...feeds,
    ...listings,
    ...matches,
    ...orders,
    ...parts,
    ...parties,
    ...pricing,
    ...session,
    ...variants,
    ...work,
  })) {
    if (isSchema(schema) && /^[A-Z]/.test(name) && !names.has(JSON.stringify(schema))) names.set(JSON.stringify(schema), name);
  }
  const refer = (value: unknown, within: string): unknown => {
    if (Array.isArray(value)) return value.map((part) => refer(part, within));
    if (typeof value !== 'object' || value === null) return value;
    const name = names.get(JSON.stringify(value));
    if (name !== undefined && name !== within) return { $ref: `#/components/schemas/${name}` };
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, refer(part, within)]));
  };
  for (const [text, name] of names) schemas[name] = refer(JSON.parse(text), name);
  const components = document['components'] as Record<string, unknown>;
  return { ...document, paths: refer(document['paths'], ''), components: { ...components, schemas } };
}
