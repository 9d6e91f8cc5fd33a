import { Unreadable } from '#kernel/unreadable';
import { readMail, type ReadMail } from '#formats/mime';
import type { SupplierSaid } from '#ports/supplier';
import { type Given, plain, readList, type Settled } from '#connectors/suppliers/file';
import { settleEmail } from './profile.ts';

const isList = ({ name, type }: { name: string; type: string }): boolean =>
  /\.(csv|tsv|txt)$/i.test(name) || /^text\/(csv|tab-separated-values)\b/i.test(type);

/**
 * Reads a mail of a supplier's: the lists that are attached to it. An absence notice says nothing. Throws `Unreadable` for a mail
 * that is for a person: words without a list, or a list that is not as agreed.
 */
export async function readEmailAnswer(settings: unknown, document: Given): Promise<SupplierSaid[]> {
  const { list } = settleEmail(settings);
  const mail = await readMail(document.body);
  if (mail.autoSubmitted) return [];
  const lists = mail.attachments.filter(isList).filter((one) => !isOurs(one.bytes, list));
  if (lists.length === 0) throw forAPerson(mail);
  const read: SupplierSaid[] = [];
  for (const { name, bytes } of lists) read.push(...(await readList(list, { name, headers: {}, body: bytes })));
  return read;
}

/** Our own list, sent back with the answer: it has the column of the address, which no answer has. */
function isOurs(bytes: Uint8Array, { order, delimiter }: Settled): boolean {
  const [first = ''] = Buffer.from(bytes.subarray(0, 4_096)).toString('latin1').split(/\r?\n/);
  const names = new Set(
    first
      .replace(/^ï»¿/, '')
      .split(delimiter)
      .map((cell) => plain(cell.replaceAll('"', ''))),
  );
  return order.filter(([column]) => column === 'ship_name' || column === 'ship_line1').some(([, name]) => names.has(plain(name)));
}

function forAPerson({ subject, from, attachments, text }: ReadMail): Unreadable {
  const attached = attachments
    .map(({ name }) => `"${name.slice(0, 60) || 'without a name'}"`)
    .slice(0, 5)
    .join(', ');
  const begins = text.replaceAll(/\s+/g, ' ').trim().slice(0, 160);
  return new Unreadable(
    'no-list',
    `The mail "${subject.slice(0, 100)}" of ${from?.name || 'the supplier'} has no list attached that can be read${attached ? ` (only ${attached})` : ''}. It begins: "${begins}".`,
    {
      fix: 'Read it, answer in their name on the purchase order, and ask them to use the link in our mail or to attach a list.',
    },
  );
}
