import type { FastifyInstance } from 'fastify';
import type { Doors } from '#world/world';

/** How the world reaches us: through the real routes of the server, without a socket in between. */
export function doorsOf(server: FastifyInstance, publicUrl: string): Doors {
  const pathOf = (url: string): string =>
    url.startsWith(publicUrl) ? url.slice(publicUrl.length) : new URL(url).pathname + new URL(url).search;
  return {
    post: async (delivery) => {
      const { statusCode } = await server.inject({
        method: 'POST',
        url: pathOf(delivery.url),
        headers: delivery.headers,
        payload: Buffer.from(delivery.body),
      });
      return { status: statusCode };
    },
    open: async (visit) => {
      const form = new URLSearchParams(visit.form).toString();
      const reply = await server.inject(
        visit.method === 'GET'
          ? { method: 'GET', url: pathOf(visit.url) }
          : { method: 'POST', url: pathOf(visit.url), headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: form },
      );
      return {
        status: reply.statusCode,
        body: reply.body,
        headers: Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, String(value)])),
      };
    },
  };
}
