/**
 * The supplier's page: one *link* per purchase order (`/s/{token}`), where someone without an account says what becomes of it. What
 * they say is kept as an arrival, like a file or a mail of theirs, and read by the same step. No script, no cookie.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Brand } from '#kernel/brand';
import { Unreadable } from '#kernel/unreadable';
import { type LinkedPurchase, linkedPurchase } from '#modules/insight';
import type { Database, Tx } from '#platform/db';
import type { Arrived, Came } from '#platform/inbox';
import { type Fields, formToken, readForm } from './form.ts';
import { gonePage, linesPerPage, orderPage, type Page, recordedPage, type Shown } from './page.ts';
import { type PortalAnswer, readWhole, writePortalAnswer } from './said.ts';

export { readPortalAnswer } from './said.ts';

export interface SupplierOptions {
  db: Database;
  /** Which purchase order of which supplier a link's token opens; null when it opens nothing, any more. */
  findDoor(token: string): Promise<{ tenant: string; purchaseId: string; supplierId: string } | null>;
  arrive(tx: Tx, arrivals: readonly Arrived[]): Promise<Came[]>;
  brandOf(tenant: string): Promise<Brand>;
}

const plainBrand: Brand = { name: '', colour: '#3a5bd9', logoUrl: '', siteUrl: '', supportEmail: '', senderEmail: '', language: 'en' };

/** What arrivals through the link of a purchase order are kept under. */
const objectOf = (purchaseId: string): string => `link:${purchaseId}`;

interface Opened {
  token: string;
  tenant: string;
  purchase: LinkedPurchase;
  brand: Brand;
}

/** The route `/s/:token`, to be registered as a plugin of its own, so that its form parser stays inside it. */
export async function supplierPages(app: FastifyInstance, options: SupplierOptions): Promise<void> {
  const { db } = options;
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 65_536 }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))));
  });

  const open = async (token: string): Promise<Opened | null> => {
    const door = /^[\w-]{20,100}$/.test(token) ? await options.findDoor(token) : null;
    const purchase = door ? await db.tx(door.tenant, (tx) => linkedPurchase(tx, door.purchaseId, objectOf(door.purchaseId))) : null;
    if (!door || !purchase || (door.supplierId !== '' && door.supplierId !== purchase.supplier_id)) return null;
    return { token, tenant: door.tenant, purchase, brand: await options.brandOf(door.tenant) };
  };
  const shownOf = ({ token, purchase, brand }: Opened, query: unknown): Shown => {
    const now = db.clock.now();
    return {
      brand,
      purchase,
      now,
      path: `/s/${token}`,
      form: formToken(token, purchase, now),
      answers: answersOf(purchase),
      part: partOf(query, purchase),
    };
  };

  app.get<{ Params: { token: string } }>('/s/:token', async (request, reply) => {
    const opened = await open(request.params.token);
    return opened ? send(reply, 200, orderPage(shownOf(opened, request.query))) : send(reply, 410, gonePage(plainBrand));
  });

  app.post<{ Params: { token: string } }>('/s/:token', async (request, reply) => {
    const opened = await open(request.params.token);
    if (!opened) return send(reply, 410, gonePage(plainBrand));
    const fields = textFields(request.body);
    const shown = shownOf(opened, request.query);
    const read = readForm(fields, opened.token, opened.purchase, shown.now);
    if ('stale' in read) return send(reply, 409, orderPage(shown, read));
    if ('trouble' in read) return send(reply, 422, orderPage(shown, { fields, trouble: read.trouble }));
    const [came] = await db.tx(opened.tenant, (tx) => options.arrive(tx, [arrivalOf(opened.purchase, read.answer)]));
    return send(reply, 200, recordedPage(shown, read.answer, came?.fresh === false));
  });
}

function arrivalOf({ id, number, supplier_id }: LinkedPurchase, answer: PortalAnswer): Arrived {
  return {
    kind: answer.intent === 'ship' ? 'ship-notice' : 'acknowledgement',
    source: `supplier:${supplier_id}`,
    object: objectOf(id),
    name: `Answer on the page of ${number}`,
    headers: { transport: 'portal', 'content-type': 'application/json', intent: answer.intent },
    body: writePortalAnswer(answer),
  };
}

function answersOf({ answers }: LinkedPurchase): Shown['answers'] {
  return answers.flatMap(({ at, body }) => {
    try {
      return [{ at, answer: readWhole(body) }];
    } catch (error) {
      if (error instanceof Unreadable) return [];
      throw error;
    }
  });
}

function partOf(query: unknown, { lines }: LinkedPurchase): number {
  const given = (query as Record<string, unknown> | null)?.['part'];
  const part = typeof given === 'string' && /^\d{1,4}$/.test(given) ? Number(given) : 1;
  return Math.min(Math.max(1, part), Math.max(1, Math.ceil(lines.length / linesPerPage)));
}

function textFields(body: unknown): Fields {
  return typeof body === 'object' && body !== null
    ? Object.fromEntries(Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
    : {};
}

/** Only its own style sheet, by its hash, and the buyer's logo: nothing else is loaded, run, framed, indexed or kept. */
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
    })
    .send(page.text);
}
