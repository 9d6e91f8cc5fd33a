import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { findStoreKind, storeKinds } from '#connectors/stores';
import { makeAct } from '#flows/actions';
import { openTracking } from '#flows/reactions';
import { readBrand } from '#kernel/brand';
import { problem, problems } from '#kernel/problem';
import type { Clock } from '#kernel/time';
import { findChannel } from '#modules/channels';
import { openDoor, tenantOf, type Door, type Purpose } from '#modules/identity';
import { textOf } from '#kernel/text';
import { arrive } from '#platform/inbox';
import { problemBody, problemType } from '#platform/http';
import type { Log } from '#platform/log';
import type { Metrics } from '#platform/metrics';
import { hashToken, newWebhookSecret } from '#platform/secrets';
import { apiPlugin, type ApiDeps, type Demo, type FeedDesk, type FeedImport } from '#surfaces/api';
import { hooksPlugin } from '#surfaces/hooks';
import { supplierPages, trackingPages } from '#surfaces/portals';
import type { Program } from './program.ts';
import { givenOf } from './stores.ts';
import { openSecrets, sealSecrets, secretField } from './wire.ts';

export interface ServerOptions {
  program: Program;
  realClock: Clock;
  log: Log;
  metrics: Metrics;
  /** The tenant whose pages are shown where the host name says nothing. */
  onlyTenant?: string;
  demo?: Demo;
  importFeed?: (tenant: string, file: FeedImport) => Promise<{ run: string }>;
  feeds?: FeedDesk;
  /** Opens /metrics to others than this machine. */
  metricsToken?: string;
  trustProxy?: string[];
  checkAnswers?: boolean;
  limits?: ApiDeps['limits'];
}

const consoleFolder = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** All doors to the outside on one server: API and console, webhooks, the pages of shoppers and suppliers. */
export async function makeServer(options: ServerOptions): Promise<FastifyInstance> {
  const server = Fastify({
    trustProxy: options.trustProxy && options.trustProxy.length > 0 ? options.trustProxy : false,
    bodyLimit: 1_048_576,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 300 },
    // An address that is not written as addresses are reaches no route, and so none of their error handlers.
    frameworkErrors: (_error, request, reply: FastifyReply) => {
      const wrong = problem('bad-request', 'The address is not written as addresses are.', { fix: 'Write signs such as % as %25 in it.' });
      void reply
        .code(problems['bad-request'].status)
        .type(problemType)
        .send(JSON.stringify(problemBody(wrong, request.id)));
    },
  });
  server.addHook('onRequest', async (request) => {
    if (request.url.startsWith('/metrics')) guardMetrics(request, options.metricsToken);
  });
  await registerHooks(server, options);
  await registerPages(server, options);
  await server.register(apiPlugin(apiDeps(options)));
  return server;
}

/** Counts say how busy a shop is: they are for this machine, or for who has the token. */
function guardMetrics(request: FastifyRequest, token: string | undefined): void {
  const shown = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const known = token !== undefined && hashToken(shown) === hashToken(token);
  if (!known && !['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip))
    throw problem('not-signed-in', 'The metrics are not open to you.', {
      fix: 'Send STOCKLESS_METRICS_TOKEN as bearer token, or ask from this machine.',
    });
}

async function registerHooks(server: FastifyInstance, { program, log, metrics }: ServerOptions): Promise<void> {
  const { db, options } = program;
  await server.register(
    hooksPlugin({
      db,
      arrive,
      log,
      clock: options.clock,
      ownerOf: async (tx, subject) => {
        const channel = await findChannel(tx, subject);
        const kind = channel && findStoreKind(channel.kind);
        if (!channel || !kind?.hear) return null;
        const secrets = openSecrets(options.sealer, channel.secrets, tx.tenant, secretField('channel', channel.id));
        const { webhookSecretBefore } = secrets;
        const both = webhookSecretBefore ? [secrets, { ...secrets, webhookSecret: webhookSecretBefore }] : [secrets];
        const hear = kind.hear.bind(kind);
        return {
          source: `channel:${channel.id}`,
          keeps: kind.keeps,
          hear: (call) => hear({ ...call, secrets: both, settings: givenOf(channel.settings) }),
        };
      },
      count: (outcome) => metrics.arrivals.inc({ kind: 'webhook', result: outcome }),
    }),
    { prefix: '/hooks' },
  );
}

async function registerPages(server: FastifyInstance, { program, onlyTenant }: ServerOptions): Promise<void> {
  const { db, given, options } = program;
  const doorOf = async (token: string, purpose: Purpose): Promise<Door | null> => {
    const door = await openDoor(db, token, purpose, options.clock.now());
    return typeof door === 'string' ? null : door;
  };
  const brandOf = async (tenant: string) => {
    const found = await db.outsideTenants((tx) => tenantOf(tx, tenant));
    return readBrand(found?.brand, found?.name ?? '');
  };
  await server.register(async (app) =>
    trackingPages(app, {
      db,
      brandOf,
      findDoor: async (token) => {
        const door = await doorOf(token, 'tracking-link');
        return door?.subject ? { tenant: door.tenant, order: door.subject } : null;
      },
      tenantOf: async () => onlyTenant ?? null,
      linkFor: async (tenant, order) => {
        await db.tx(tenant, (tx) => openTracking(tx, given, [order]));
        return given.trackingUrl(order);
      },
    }),
  );
  await server.register(async (app) =>
    supplierPages(app, {
      db,
      brandOf,
      arrive,
      findDoor: async (token) => {
        const door = await doorOf(token, 'supplier-link');
        return door?.subject ? { tenant: door.tenant, purchaseId: door.subject, supplierId: textOf(door.scope['supplier']) } : null;
      },
    }),
  );
}

function apiDeps({ program, realClock, log, metrics, demo, feeds, importFeed, checkAnswers, limits }: ServerOptions): ApiDeps {
  const { db, given, options } = program;
  const act = makeAct({
    ...given,
    newWebhookSecret,
    storeKind: findStoreKind,
    seal: (tenant, field, before, secrets) => {
      const kept = before
        ? (JSON.parse(options.sealer.open(Buffer.from(before).toString('utf8'), { tenant, field })) as Record<string, string>)
        : {};
      return sealSecrets(options.sealer, { ...kept, ...secrets }, tenant, field);
    },
  });
  return {
    db,
    realClock,
    log,
    act,
    sleep: options.sleep,
    publicUrl: options.publicUrl,
    stores: { kinds: storeKinds, probe: program.probe },
    ...(demo ? { demo } : {}),
    ...(importFeed ? { importFeed } : {}),
    ...(feeds ? { feeds } : {}),
    ...(checkAnswers ? { checkAnswers } : {}),
    ...(limits ? { limits } : {}),
    trackingUrl: async (tx, order) => {
      await openTracking(tx, given, [order]);
      return given.trackingUrl(order);
    },
    notReady: async () => {
      try {
        await db.outsideTenants(async () => {});
        return '';
      } catch (error) {
        return `The database does not answer: ${(error as Error).message}`;
      }
    },
    metrics: () => metrics.text(),
    consoleFolder: existsSync(join(consoleFolder, 'index.html')) ? consoleFolder : null,
  };
}
