import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { problem } from '#kernel/problem';

/** Scripts come from our own files only; styles may also stand in the page, since components set them there. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "object-src 'none'",
].join('; ');

/** Headers of every answer below this server; who needs others sets them before. */
export function secureHeaders(app: FastifyInstance, https: boolean): void {
  const headers: Record<string, string> = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    ...(https ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
}

/** Paths of programs: an unknown one is a mistake to be told, not a page of the console. */
const notPages = /^\/(v1|hooks|assets|openapi\.json|healthz|readyz|metrics)(\/|$|\?)/;
const aYear = 'public, max-age=31536000, immutable';

/** The built console at `/`: its files by name, and its page for every other address, as it finds its way by itself. */
export function consoleRoutes(app: FastifyInstance, folder: string | null): void {
  if (folder === null || !existsSync(join(folder, 'index.html'))) {
    app.get('/', { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .send('Stockless runs. The console is not built here; the API is at /v1, its description at /openapi.json.\n'),
    );
    return;
  }
  void app.register(fastifyStatic, {
    root: folder,
    serve: false,
    cacheControl: false,
    dotfiles: 'deny',
  });
  const page = { 'cache-control': 'no-cache', 'content-security-policy': pagePolicy };
  app.get('/assets/*', { schema: { hide: true } }, async (request, reply) => {
    const { '*': name } = request.params as { '*': string };
    if (!/^[\w-]+(\.[\w-]+)*$/.test(name) || !existsSync(join(folder, 'assets', name)))
      throw problem('not-found', 'There is no such file.');
    return reply.header('cache-control', aYear).sendFile(`assets/${name}`);
  });
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    if (notPages.test(request.url)) throw problem('not-found', 'There is nothing at this address.');
    const { '*': name } = request.params as { '*': string };
    const isFile = /^[\w-]+(\.[\w-]+)+$/.test(name) && name !== 'index.html' && existsSync(join(folder, name));
    if (isFile) return reply.header('cache-control', 'public, max-age=3600').sendFile(name);
    return reply.headers(page).sendFile('index.html');
  });
}
