import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { problems } from '#kernel/problem';
import { toJson } from '#platform/db';
import { answerProblems, asProblem, problemBody, problemType } from '#platform/http';
import { guard } from './caller.ts';
import { checkerOf } from './check.ts';
import { consoleRoutes, secureHeaders } from './console.ts';
import type { ApiDeps } from './deps.ts';
import { eventRoutes } from './events.ts';
import { describe } from './openapi.ts';
import { catalogRoutes, channelRoutes, policyRoutes, supplierRoutes } from './routes-parties.ts';
import { storeRoutes } from './routes-stores.ts';
import { feedRoutes } from './routes-feeds.ts';
import { listingRoutes } from './routes-listings.ts';
import { matchRoutes } from './routes-matches.ts';
import { orderRoutes } from './routes-orders.ts';
import { pricingRoutes } from './routes-pricing.ts';
import { parcelRoutes, purchaseRoutes } from './routes-purchases.ts';
import { variantRoutes } from './routes-variants.ts';
import { demoRoutes, keyRoutes, sessionRoutes } from './routes-session.ts';
import { arrivalRoutes, exceptionRoutes, factRoutes, homeRoutes } from './routes-work.ts';

const mostBodyBytes = 1_048_576;

/**
 * The public API under `/v1`, its description at `/openapi.json`, health and metrics, and the console at `/`. For
 * `server.register(apiPlugin(deps))`; the server itself needs `bodyLimit` and `trustProxy` set as the installation wants them.
 */
export const apiPlugin =
  (deps: ApiDeps) =>
  async (server: FastifyInstance): Promise<void> => {
    secureHeaders(server, deps.publicUrl.startsWith('https:'));
    server.setValidatorCompiler(checkerOf);
    server.setSerializerCompiler(() => toJson);
    await server.register(cookie);
    await describe(server, deps.publicUrl);
    healthRoutes(server, deps);
    await server.register(
      async (app) => {
        answerProblems(app, deps.log);
        app.addHook('onRequest', async (_request, reply) => {
          reply.header('cache-control', 'no-store');
        });
        app.addHook('onRoute', (route) => {
          route.bodyLimit ??= mostBodyBytes;
        });
        const rooms = { app, deps, gate: guard(app, deps) };
        sessionRoutes(rooms);
        keyRoutes(rooms);
        homeRoutes(rooms);
        orderRoutes(rooms);
        purchaseRoutes(rooms);
        parcelRoutes(rooms);
        exceptionRoutes(rooms);
        supplierRoutes(rooms);
        channelRoutes(rooms);
        storeRoutes(rooms);
        catalogRoutes(rooms);
        feedRoutes(rooms);
        matchRoutes(rooms);
        listingRoutes(rooms);
        variantRoutes(rooms);
        policyRoutes(rooms);
        pricingRoutes(rooms);
        arrivalRoutes(rooms);
        factRoutes(rooms);
        demoRoutes(rooms);
        eventRoutes(app, deps);
      },
      { prefix: '/v1' },
    );
    await server.register(async (app) => {
      // Errors only: what becomes of addresses that no route has is for the server around this to say.
      app.setErrorHandler((error, request, reply) => {
        const known = asProblem(error);
        if (!known) {
          deps.log.error('A page could not be sent', { request: request.id, error });
          return reply.code(500).type('text/plain; charset=utf-8').send('This page could not be sent, through a mistake of ours.\n');
        }
        return reply
          .code(problems[known.code].status)
          .type(problemType)
          .send(JSON.stringify(problemBody(known, request.id)));
      });
      consoleRoutes(app, deps.consoleFolder);
    });
  };

function healthRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const hidden = { schema: { hide: true }, logLevel: 'silent' } as const;
  app.get('/healthz', hidden, async () => ({ alive: true }));
  app.get('/readyz', hidden, async (_request, reply) => {
    const missing = await deps.notReady();
    if (missing === '') return { ready: true };
    return reply.code(503).send({ ready: false, missing });
  });
  app.get('/metrics', hidden, async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metrics()));
}
