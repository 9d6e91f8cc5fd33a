import type { FastifyInstance } from 'fastify';
import { problem } from '#kernel/problem';

/**
 * Lets routes below this one get their body as the bytes that came, whatever type it claims: for webhooks, whose signature is
 * over those bytes. `limit` is in bytes; a longer body is answered 413 before it is read to its end.
 */
export function rawBodies(server: FastifyInstance, limit: number): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limit }, (request, body, done) => {
    if (request.headers['content-encoding'] && request.headers['content-encoding'] !== 'identity') {
      done(problem('unsupported-content', 'The body is packed.', { fix: 'Send it without Content-Encoding.' }));
      return;
    }
    done(null, body);
  });
}
