import PostalMime, { type Address } from 'postal-mime';
import { Unreadable } from '#kernel/unreadable';

export interface MailAddress {
  name: string;
  address: string;
}

/** A mail that arrived, taken apart. Everything in it is the sender's word: names of attachments are no paths, html is not to be shown as it is. */
export interface ReadMail {
  /** As in the mail, with its angle brackets; '' when it has none. */
  messageId: string;
  inReplyTo: string;
  references: string[];
  from: MailAddress | null;
  to: MailAddress[];
  subject: string;
  /** As an instant in ISO 8601, as the sender's clock had it; '' when it cannot be read. */
  date: string;
  text: string;
  html: string;
  attachments: { name: string; type: string; bytes: Uint8Array }[];
  /** An absence notice, a bounce or another machine's answer: never to be answered. */
  autoSubmitted: boolean;
}

const limits = { bytes: 25_000_000, attachments: 50, depth: 20, headerBytes: 262_144, textLetters: 2_000_000, references: 100 };

/** Reads a mail as it came. Throws `Unreadable` when it is too large, nested too deep, or no mail. */
export async function readMail(bytes: Uint8Array): Promise<ReadMail> {
  if (bytes.byteLength > limits.bytes) {
    throw new Unreadable('too-large', `The mail has ${bytes.byteLength} bytes; at most ${limits.bytes} are read.`, {
      fix: 'Ask the sender for a link or a smaller file.',
    });
  }
  const mail = await new PostalMime({
    attachmentEncoding: 'arraybuffer',
    maxNestingDepth: limits.depth,
    maxHeadersSize: limits.headerBytes,
    maxRfc822NestingDepth: 3,
  })
    .parse(bytes)
    .catch((cause: unknown) => {
      throw new Unreadable('no-mail', `The mail cannot be read: ${cause instanceof Error ? cause.message : 'it has no form'}.`, {
        fix: 'Ask the sender to send it again.',
        cause,
      });
    });
  if (mail.attachments.length > limits.attachments) {
    throw new Unreadable(
      'too-many-attachments',
      `The mail has ${mail.attachments.length} attachments; at most ${limits.attachments} are read.`,
      { fix: 'Ask the sender to send them in several mails.' },
    );
  }
  const header = (name: string): string => mail.headers.find(({ key }) => key === name)?.value.trim() ?? '';
  return {
    messageId: mail.messageId ?? '',
    inReplyTo: idsIn(mail.inReplyTo ?? '')[0] ?? '',
    references: idsIn(mail.references ?? '').slice(-limits.references),
    from: flat(mail.from ? [mail.from] : [])[0] ?? null,
    to: flat(mail.to ?? []),
    subject: (mail.subject ?? '').slice(0, 1_000),
    date: dateOf(mail.date ?? ''),
    text: (mail.text ?? '').slice(0, limits.textLetters),
    html: (mail.html ?? '').slice(0, limits.textLetters),
    attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
      name: (filename ?? '').slice(0, 255),
      type: mimeType,
      bytes: bytesOf(content),
    })),
    autoSubmitted: isAutomatic(header),
  };
}

const idsIn = (text: string): string[] => text.match(/<[^<>\s]{1,998}>/g) ?? [];

const flat = (addresses: readonly Address[]): MailAddress[] =>
  addresses
    .flatMap((one) => ('group' in one && one.group ? one.group : [one]))
    .flatMap(({ name, address }) => (address ? [{ name, address }] : []));

function dateOf(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? '' : Temporal.Instant.fromEpochMilliseconds(ms).toString();
}

const bytesOf = (content: ArrayBuffer | Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content instanceof Uint8Array ? content : new Uint8Array(content);

/** RFC 3834, and what came before it: bounces have an empty return path, lists and older programs a header of their own. */
const isAutomatic = (header: (name: string) => string): boolean =>
  !['', 'no'].includes(header('auto-submitted').toLowerCase()) ||
  header('return-path') === '<>' ||
  /^(bulk|junk|list|auto_reply)$/i.test(header('precedence')) ||
  header('x-autoreply') !== '' ||
  header('x-autorespond') !== '' ||
  /^multipart\/report\b/i.test(header('content-type'));
