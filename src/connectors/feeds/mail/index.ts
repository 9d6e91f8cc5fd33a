/** Feeds that come attached to mails: which sender and which subject a feed's mails have is in its settings. */
import { type ReadMail, readMail } from '#formats/mime';
import { Unreadable } from '#kernel/unreadable';
import { fitsPattern } from '#kernel/glob';
import { textOf } from '#kernel/text';
import type { FeedDoor, FetchedFile } from '#ports/feed-door';
import type { ArrivedMail, Mailbox } from '#ports/message-sender';

/** Mails of all suppliers and strangers wait in one mailbox. */
const looksAt = 500;
const mostAtOnce = 10;
const feedNames = /\.(csv|tsv|txt|xlsx?|xml|json|jsonl|zip|gz|edi)$/i;

/** `settings`: `from` an address or `@domain`, `subject` a part of it, `pattern` the attachment's name (`stock*.csv`). */
export const mailFeed = (settings: Readonly<Record<string, unknown>>, mailbox: Mailbox, contact: string): FeedDoor => ({
  async fetch(seen, keep) {
    const done = Array.isArray(seen['done']) ? seen['done'].filter((one) => typeof one === 'string') : [];
    // Marked only now, when what they brought is kept.
    if (done.length > 0) await mailbox.taken(done);
    const files: FetchedFile[] = [];
    const taken: string[] = [];
    for (const arrived of await mailbox.waiting(looksAt)) {
      if (files.length >= mostAtOnce) break;
      if (done.includes(arrived.uid)) continue;
      const mail = await readOrNull(arrived);
      if (!mail || mail.autoSubmitted || !isMeant(settings, contact, mail)) continue;
      const attached = mail.attachments.filter(({ name }) =>
        settings['pattern'] ? fitsPattern(textOf(settings['pattern']), name) : feedNames.test(name),
      );
      for (const { name, bytes } of attached) files.push(await keep(name, once(bytes)));
      if (attached.length > 0) taken.push(arrived.uid);
    }
    return { files, seen: { done: taken }, isCurrent: false, more: files.length >= mostAtOnce };
  },
});

async function readOrNull({ bytes }: ArrivedMail): Promise<ReadMail | null> {
  try {
    return await readMail(bytes);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

function isMeant(settings: Readonly<Record<string, unknown>>, contact: string, { from, subject }: ReadMail): boolean {
  const wanted = textOf(settings['from'], contact).toLowerCase();
  const sender = (from?.address ?? '').toLowerCase();
  if (wanted === '' || (wanted.startsWith('@') ? !sender.endsWith(wanted) : sender !== wanted)) return false;
  return subject.toLowerCase().includes(textOf(settings['subject']).toLowerCase());
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
