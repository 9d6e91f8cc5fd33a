/**
 * The shopper's page: one *link* per order (`/t/{token}`), or the *look-up* (`/track`) by order number and what only the shopper
 * knows. Both are for people without an account, on a phone, in a hurry; neither needs a script, sets a cookie or names a supplier.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Brand } from '#kernel/brand';
import { findFollowed, type FollowedOrder, followedOrder } from '#modules/shipping';
import type { Database } from '#platform/db';
import { languageFor } from './languages.ts';
import { makeLimiter } from './limit.ts';
import { lookUpPage, orderPage, type Page, type PageFor } from './page.ts';

export interface TrackingOptions {
  db: Database;
  /** Whose order a link's token opens (purpose `tracking-link`); null when it opens nothing, any more. */
  findDoor(token: string): Promise<{ tenant: string; order: string } | null>;
  brandOf(tenant: string): Promise<Brand>;
  /** Whose shoppers come to this host name; null when nobody's. */
  tenantOf(host: string): Promise<string | null>;
  /** The order's own link (`/t/…`), for who has found it by number: it can be kept. Left out: the page is shown at once. */
  linkFor?(tenant: string, order: string): Promise<string>;
}

const windowMs = 900_000;
/** Tries within the window, right or wrong: by one address, for one order, for one tenant. */
const most = { address: 10, order: 10, tenant: 2_000 };
const plainBrand: Brand = { name: '', colour: '#3a5bd9', logoUrl: '', siteUrl: '', supportEmail: '', senderEmail: '', language: 'en' };

/** The routes `/t/:token` and `/track`, to be registered as a plugin of its own, so that its form parser stays inside it. */
export async function trackingPages(app: FastifyInstance, options: TrackingOptions): Promise<void> {
  const { db } = options;
  const limiter = makeLimiter(db.clock, windowMs);
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 4_096 }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });
  const pageFor = (request: FastifyRequest, brand: Brand): PageFor => ({
    brand,
    language: languageFor(fieldOf(request.query, 'lang'), request.headers['accept-language'], brand.language),
    now: db.clock.now(),
  });
  const tenantBrand = async (tenant: string | null): Promise<Brand> => (tenant ? options.brandOf(tenant) : plainBrand);

  app.get<{ Params: { token: string } }>('/t/:token', async (request, reply) => {
    const { token } = request.params;
    const door = /^[\w-]{20,100}$/.test(token) ? await options.findDoor(token) : null;
    const order = door ? await db.tx(door.tenant, (tx) => followedOrder(tx, door.order)) : null;
    if (door && order) return send(reply, 200, orderPage(order, pageFor(request, await options.brandOf(door.tenant))));
    const page = pageFor(request, await tenantBrand(await options.tenantOf(request.hostname)));
    return send(reply, 404, lookUpPage(page, 'gone'));
  });

  app.get('/track', async (request, reply) => {
    const page = pageFor(request, await tenantBrand(await options.tenantOf(request.hostname)));
    return send(reply, 200, lookUpPage(page, null));
  });

  app.post('/track', async (request, reply) => {
    const tenant = await options.tenantOf(request.hostname);
    const page = pageFor(request, await tenantBrand(tenant));
    const number = (fieldOf(request.body, 'number') ?? '').trim().replace(/^#/, '').slice(0, 60);
    const proof = (fieldOf(request.body, 'proof') ?? '').slice(0, 254);
    const allowed = limiter.allows([
      { key: `address ${request.ip}`, most: most.address },
      { key: `order ${tenant} ${number.toLowerCase()}`, most: most.order },
      { key: `tenant ${tenant}`, most: most.tenant },
    ]);
    if (!allowed) {
      reply.header('retry-after', String(windowMs / 1000));
      return send(reply, 429, lookUpPage(page, 'tooMany'));
    }
    const order = tenant ? await lookUp(db, tenant, number, proof) : null;
    if (!tenant || !order) return send(reply, 404, lookUpPage(page, 'notFound'));
    if (options.linkFor)
      return reply.header('cache-control', 'no-store').redirect(`${await options.linkFor(tenant, order.id)}?lang=${page.language}`, 303);
    return send(reply, 200, orderPage(order, page));
  });
}

/** The order, if the proof fits. Every candidate is compared with both proofs, and at least one comparison is made, so that time tells nothing. */
async function lookUp(db: Database, tenant: string, number: string, proof: string): Promise<FollowedOrder | null> {
  const email = fingerprint(proof.trim().toLowerCase());
  const postcode = fingerprint(plainPostcode(proof));
  return db.tx(tenant, async (tx) => {
    const candidates = await findFollowed(tx, number);
    let found = '';
    for (const candidate of candidates.length > 0 ? candidates : [{ id: '', email: '', postcode: '' }]) {
      const byEmail = timingSafeEqual(email, fingerprint(candidate.email.trim().toLowerCase())) && candidate.email !== '';
      const byPostcode =
        timingSafeEqual(postcode, fingerprint(plainPostcode(candidate.postcode))) && plainPostcode(candidate.postcode) !== '';
      if (byEmail || byPostcode) found ||= candidate.id;
    }
    return found === '' ? null : followedOrder(tx, found);
  });
}

const plainPostcode = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
const fingerprint = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

function fieldOf(from: unknown, name: string): string | undefined {
  const value = typeof from === 'object' && from !== null ? (from as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Only its own style sheet, by its hash, and the shop's logo: nothing else is loaded, run, framed, indexed or kept. */
function send(reply: FastifyReply, status: number, page: Page): FastifyReply {
  const style = createHash('sha256').update(page.style, 'utf8').digest('base64');
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${style}'; img-src ${page.logoOrigin || "'none'"}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'private, no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
      vary: 'accept-language',
    })
    .send(page.text);
}
