import type { OutgoingMail } from '#ports/message-sender';
import type { Character } from './characters.ts';
import { parseCsv } from './csv.ts';
import { dice, hourMs, minuteMs, seededHex, stretch } from './dice.ts';
import { type FileShape, shapeOf } from './file-shape.ts';
import { ourAddress, postLetter } from './post.ts';
import { writeLetter } from './mime.ts';
import type { Realm } from './realm.ts';
import type { DueVisit, Job } from './shops.ts';
import { askCancel, deskOf, type Mouth, remind, type Shipped, takeOrder } from './supplier-desk.ts';
import { ackText, cancelText, ordersIn, shipText } from './supplier-file.ts';

export const contactOf = (supplier: Pick<Character, 'code'>): string => `orders@${supplier.code.toLowerCase()}.test`;

/** A mail came into the supplier's mailbox: somebody there reads it after a while. A purchase order counts from its arrival. */
export function mailReceived(realm: Realm, supplier: Character, mail: OutgoingMail): void {
  const number = /\bPO-\d+\b/.exec(mail.subject)?.[0];
  if (number === undefined) return;
  if (/cancel/i.test(mail.subject)) return askCancel(realm, supplier, number);
  if (/remind|erinner|rappel|recordatorio|waiting|not confirmed|not shipped/i.test(mail.subject)) return remind(realm, supplier, number);
  if (!/purchase order/i.test(mail.subject)) return;
  const csv = mail.attachments.find((one) => /\.csv$/i.test(one.name));
  const rows = csv === undefined ? [] : parseCsv(new TextDecoder().decode(csv.bytes));
  const column = (row: Record<string, string>, name: keyof FileShape['columns']['order']): string => row[name] ?? '';
  const order = ordersIn(rows, column).find((one) => one.number === number);
  if (order === undefined) {
    // A person cannot work from a mail without the list; they write back.
    reply(
      realm,
      supplier,
      `Re: ${mail.subject}`,
      `Hello,\n\nthere is no readable list in your mail about ${number}. Please send it again.\n`,
      mail.key,
    );
    return;
  }
  takeOrder(realm, supplier, { ...order, key: '', links: linksIn(mail.text) });
  if (realm.goesWrong('out_of_office', supplier.code, number)) {
    reply(
      realm,
      supplier,
      `Automatic reply: ${mail.subject}`,
      'Thank you for your message. I am out of the office until Monday. Your order is important to us.\n',
      mail.key,
      undefined,
      true,
    );
  }
}

/** Addresses in the text, each with the words in front of it. */
export function linksIn(text: string): Job['links'] {
  const links: Job['links'] = [];
  let before = '';
  for (const line of text.split(/\r?\n/)) {
    const found = /https?:\/\/\S*\/s\/[^\s>)\]]+/.exec(line);
    if (found !== null) links.push({ label: (line.slice(0, found.index).trim() || before).replace(/[:\-–]\s*$/, ''), url: found[0] });
    if (line.trim() !== '') before = line.trim();
  }
  return links;
}

const intents: Record<DueVisit['intent'], RegExp> = {
  confirm: /confirm|accept/i,
  short: /some|short|part/i,
  reject: /reject|cannot|can.t ship (any|this)|decline/i,
  ship: /track|ship(ped|ping)|parcel/i,
};

export function emailMouth(realm: Realm): Mouth {
  return {
    acknowledge: (supplier, job) => {
      const responses = new Set(job.lines.map((line) => line.response).filter((response) => response !== 'cancelled'));
      const plain = responses.size === 1 && (responses.has('accepted') || responses.has('rejected'));
      // The page takes quantities, not dates: what is back-ordered is told in writing.
      if (supplier.answersBy === 'link' && job.links.length > 0 && !responses.has('backordered')) {
        const intent = plain ? (responses.has('accepted') ? 'confirm' : 'reject') : 'short';
        const data: Record<string, string> = {};
        for (const line of job.lines) {
          data[`quantity/${line.line}/${line.sku}`] = String(line.accepted);
          data[`response/${line.line}/${line.sku}`] = line.response;
        }
        visitLater(realm, supplier, job, intent, { ...data, reason: job.lines.find((line) => line.reason !== '')?.reason ?? '' });
      } else answerInWriting(realm, supplier, job.number, 'ack', 'Please find our confirmation attached.', ackText(shapeOf(supplier), job));
    },
    ship: (supplier, job, shipped) => {
      // A form takes one parcel; several are sent as a list.
      if (supplier.answersBy === 'link' && job.links.length > 0 && shipped.parcels.length === 1) shipByLink(realm, supplier, job, shipped);
      else
        answerInWriting(
          realm,
          supplier,
          job.number,
          'ship',
          'Your order is on its way, details attached.',
          shipText(shapeOf(supplier), job, shipped),
        );
    },
    cancelled: (supplier, number, outcome, reason) =>
      answerInWriting(
        realm,
        supplier,
        number,
        'cancel',
        outcome === 'accepted' ? 'We have cancelled it.' : `We cannot cancel it: ${reason}.`,
        cancelText(shapeOf(supplier), number, outcome, reason),
      ),
  };
}

function shipByLink(realm: Realm, supplier: Character, job: Job, shipped: Shipped): void {
  const parcel = shipped.parcels[0];
  if (parcel === undefined) return;
  const data: Record<string, string> = { carrier: parcel.carrier, tracking: parcel.number };
  for (const { line, sku, quantity } of parcel.lines) data[`quantity/${line}/${sku}`] = String(quantity);
  visitLater(realm, supplier, job, 'ship', data);
}

function visitLater(realm: Realm, supplier: Character, job: Job, intent: DueVisit['intent'], data: Record<string, string>): void {
  const link =
    job.links.find(({ label, url }) => intents[intent].test(label) || intents[intent].test(url.split('/s/')[1] ?? '')) ?? job.links[0];
  if (link === undefined) return;
  const visit: DueVisit = {
    id: `visit-${realm.count('visits')}`,
    supplier: supplier.code,
    purchase: job.number,
    intent,
    at: realm.now(),
    url: link.url,
    tries: 0,
    data,
  };
  realm.state.out.visits.push(visit);
}

/** A mail with the list attached, as an answer to the purchase order. */
export function answerInWriting(realm: Realm, supplier: Character, number: string, kind: string, words: string, csv: string): void {
  const name = `${kind}-${number}.csv`;
  reply(realm, supplier, `Re: Purchase order ${number}`, `Hello,\n\n${words}\n\nKind regards\n${supplier.name}\n`, undefined, {
    name,
    type: 'text/csv',
    text: csv,
  });
}

function reply(
  realm: Realm,
  supplier: Character,
  subject: string,
  text: string,
  inReplyTo?: string,
  attachment?: { name: string; type: string; text: string },
  auto = false,
): void {
  const id = `${seededHex(realm.seed, `letter/${realm.count('letters')}`, 20)}@${supplier.code.toLowerCase()}.test`;
  const bytes = writeLetter({
    id,
    from: { name: supplier.name, address: contactOf(supplier) },
    to: ourAddress,
    at: realm.now(),
    subject,
    auto,
    text,
    ...(attachment === undefined ? {} : { attachment }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
  });
  realm.say(`supplier ${supplier.code}`, `writes ${subject}`);
  postLetter(realm, bytes);
}

/** A person whose page did not work tries again later, and writes in the end. */
export function visitFailed(realm: Realm, visit: DueVisit): void {
  const supplier = realm.supplier(visit.supplier);
  const wait = stretch(dice(realm.seed, 'visit', visit.id, visit.tries), 20, 90) * minuteMs;
  if (visit.tries < 2)
    return realm.script.plan(realm.now() + wait, 'visit.again', { ...visit, data: JSON.stringify(visit.data), tries: visit.tries + 1 });
  const job = deskOf(realm, visit.supplier).jobs[visit.purchase];
  if (job === undefined) return;
  if (visit.intent !== 'ship')
    return answerInWriting(
      realm,
      supplier,
      job.number,
      'ack',
      'Your page does not work for us; please find our answer attached.',
      ackText(shapeOf(supplier), job),
    );
  const lines = job.lines.filter((line) => line.shipped > 0).map(({ line, sku, shipped }) => ({ line, sku, quantity: shipped }));
  const shipped: Shipped = {
    shipment: `${job.reference}-${job.shipments}`,
    at: realm.now() - 2 * hourMs,
    parcels: [{ carrier: visit.data['carrier'] ?? '', number: visit.data['tracking'] ?? '', lines }],
  };
  answerInWriting(
    realm,
    supplier,
    job.number,
    'ship',
    'Your page does not work for us; please find the details attached.',
    shipText(shapeOf(supplier), job, shipped),
  );
}
