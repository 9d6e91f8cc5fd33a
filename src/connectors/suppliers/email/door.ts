import { Unreadable } from '#kernel/unreadable';
import { readMail, type ReadMail } from '#formats/mime';
import type { ArrivedMail, Mailbox, MessageSender } from '#ports/message-sender';
import type { Fetched, Placed, PurchaseOrder, SupplierDocument, SupplierDoor } from '#ports/supplier';
import { usable } from '#connectors/suppliers/file';
import { cancelLetter, type Letter, orderLetter } from './mail.ts';
import { type EmailProfile, isTheirs, settleEmail } from './profile.ts';

/** Mails of all suppliers and strangers wait in one mailbox, so that more is looked at than is taken. */
const looksAt = 500;

export interface EmailDeps {
  messages: MessageSender;
  mailbox: Mailbox;
  /** The supplier's own settings. */
  profile: unknown;
  supplier: { name: string; email: string };
  from: { name: string; email: string };
}

/**
 * A supplier who is written to. A mail that was given away cannot be looked up: when it is not known whether it went out, a person
 * asks. Their answers are mails in our mailbox, links opened (the portal), or both.
 */
export function emailSupplier(deps: EmailDeps): SupplierDoor {
  const { messages, profile, supplier, from } = deps;
  const send = async (letter: Letter, order: PurchaseOrder, key: string, { address }: EmailProfile): Promise<Placed> => {
    await messages.send({
      key,
      from: { name: from.name, address: from.email },
      to: { name: supplier.name, address: address || order.supplier.email || supplier.email },
      subject: letter.subject,
      text: letter.text,
      attachments: letter.documents
        .filter(({ type }) => type !== 'text/plain')
        .map(({ name, type, base64 }) => ({ name, type, bytes: new Uint8Array(Buffer.from(base64, 'base64')) })),
    });
    return { reference: '', documents: letter.documents };
  };
  return {
    async place(order, key) {
      const settled = usable(() => settleEmail(profile));
      return send(await orderLetter(order, settled.list), order, key, settled);
    },
    async whatBecameOf({ number }) {
      return {
        outcome: 'ask-a-person',
        why: `the mail with ${number} was handed over and the mail server did not say whether it took it; a mail cannot be looked up.`,
      };
    },
    async cancel(order, reference, key) {
      const settled = usable(() => settleEmail(profile));
      return send(cancelLetter(order, reference, settled.list), order, key, settled);
    },
    async whatBecameOfCancel({ number }) {
      return {
        outcome: 'ask-a-person',
        why: `the mail that asks to cancel ${number} was handed over and the mail server did not say whether it took it; a mail cannot be looked up.`,
      };
    },
    fetch: async (cursor, limit) =>
      fetchMails(
        deps,
        usable(() => settleEmail(profile)),
        cursor,
        limit,
      ),
  };
}

/** The cursor names the mails that the last fetch gave, which are kept by now; only then are they marked, so that a crash loses none. */
async function fetchMails({ mailbox, supplier }: EmailDeps, profile: EmailProfile, cursor: string, limit: number): Promise<Fetched> {
  const earlier = cursor === '' ? [] : cursor.split('\n');
  if (earlier.length > 0) await mailbox.taken(earlier);
  const documents: SupplierDocument[] = [];
  const taken: string[] = [];
  for (const arrived of await mailbox.waiting(looksAt)) {
    if (documents.length >= limit) break;
    if (earlier.includes(arrived.uid)) continue;
    const mail = await readOrNull(arrived);
    if (!mail?.from || !isTheirs(profile, supplier.email, mail.from.address)) continue;
    documents.push(documentOf(arrived, mail));
    taken.push(arrived.uid);
  }
  return { documents, cursor: taken.join('\n'), more: documents.length > 0 };
}

/** What is no mail is nobody's; it is left to whoever looks after the mailbox. */
async function readOrNull({ bytes }: ArrivedMail): Promise<ReadMail | null> {
  try {
    return await readMail(bytes);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

const documentOf = ({ uid, bytes }: ArrivedMail, mail: ReadMail): SupplierDocument => ({
  kind: 'answer',
  object: mail.messageId || uid,
  name: mail.subject.slice(0, 200) || 'Mail without a subject',
  type: 'message/rfc822',
  headers: {
    transport: 'email',
    'content-type': 'message/rfc822',
    from: mail.from?.address ?? '',
    'message-id': mail.messageId,
    ...(mail.inReplyTo ? { 'in-reply-to': mail.inReplyTo } : {}),
    ...(mail.autoSubmitted ? { 'auto-submitted': 'yes' } : {}),
  },
  body: bytes,
});
