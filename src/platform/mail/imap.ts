import type { ImapFlow } from 'imapflow';
import { Fault } from '#kernel/fault';
import { type AllowList, checkedAddress } from '#platform/api';
import type { Mailbox } from '#ports/message-sender';

export interface ImapOptions {
  host: string;
  port?: number;
  /** `always` unless said; `start` is STARTTLS; `none` only for a server on the same machine. */
  tls?: 'always' | 'start' | 'none';
  user: string;
  password: string;
  /** INBOX unless said. */
  folder?: string;
  ca?: string;
  timeoutMs?: number;
  guard?: AllowList;
}

/** Our own mark, so that a person who reads the mailbox takes nothing away from us; `\Seen` where a server knows no marks of ours. */
const ownMark = '$StocklessTaken';
/** One byte more than is ever read, so that a longer mail is seen to be too long without being fetched whole. */
const mostBytes = 25_000_001;

/** A mailbox by IMAP, one connection per call: no standing connection that can die unseen. */
export function imapMailbox(options: ImapOptions): Mailbox {
  return {
    waiting: (limit) =>
      inFolder(options, async (client, validity, mark) => {
        const found = (await client.search(mark === ownMark ? { unKeyword: mark } : { seen: false }, { uid: true })) || [];
        const uids = found.toSorted((one, other) => one - other).slice(0, limit);
        const mails: { uid: string; bytes: Uint8Array }[] = [];
        for (const uid of uids) {
          const mail = await client.fetchOne(String(uid), { uid: true, source: { maxLength: mostBytes } }, { uid: true });
          if (mail && mail.source) mails.push({ uid: `${validity}.${uid}`, bytes: new Uint8Array(mail.source) });
        }
        return mails;
      }),
    taken: async (uids) => {
      if (uids.length === 0) return;
      await inFolder(options, async (client, validity, mark) => {
        // A folder that was made anew has other numbers: the old ones would mark strangers.
        const ours = uids
          .flatMap((uid) => (uid.startsWith(`${validity}.`) ? [uid.slice(uid.indexOf('.') + 1)] : []))
          .filter((uid) => /^\d+$/.test(uid));
        if (ours.length > 0) await client.messageFlagsAdd(ours.join(','), [mark], { uid: true });
      });
    },
  };
}

async function inFolder<T>(options: ImapOptions, work: (client: ImapFlow, validity: string, mark: string) => Promise<T>): Promise<T> {
  const { host, tls = 'always', user, password, folder = 'INBOX', ca, timeoutMs = 20_000, guard } = options;
  const port = options.port ?? (tls === 'always' ? 993 : 143);
  const address = guard ? await checkedAddress(host, port, guard) : host;
  // Loaded when the first mailbox is opened: it takes 25 MB that an installation without one never needs.
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow({
    host: address,
    port,
    secure: tls === 'always',
    ...(tls === 'none' ? { doSTARTTLS: false } : tls === 'start' ? { doSTARTTLS: true } : {}),
    servername: host,
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs * 3,
  });
  // A connection that is lost between two questions says so here; the next question fails by itself.
  client.on('error', () => {});
  try {
    await client.connect();
    const lock = await client.getMailboxLock(folder);
    try {
      const box = client.mailbox;
      if (!box) throw new Fault('misconfigured', 'no-folder', `${host} has no folder ${folder}.`);
      return await work(
        client,
        String(box.uidValidity),
        box.permanentFlags?.has('\\*') || box.permanentFlags?.has(ownMark) ? ownMark : '\\Seen',
      );
    } finally {
      lock.release();
    }
  } catch (error) {
    throw told(host, folder, error);
  } finally {
    // Marks were answered already; how the goodbye goes is of no matter.
    await client.logout().catch(() => client.close());
  }
}

function told(host: string, folder: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const {
    authenticationFailed = false,
    code = '',
    serverResponseCode = '',
  } = cause as { authenticationFailed?: boolean; code?: string; serverResponseCode?: string };
  const evidence = { host, code: code || serverResponseCode };
  if (authenticationFailed)
    return new Fault('misconfigured', 'login-failed', `${host} did not let us into the mailbox. Check user and password.`, {
      cause,
      evidence,
    });
  if (serverResponseCode === 'NONEXISTENT' || serverResponseCode === 'TRYCREATE')
    return new Fault('misconfigured', 'no-folder', `${host} has no folder ${folder}.`, { cause, evidence });
  // Reading and marking can be done again, so no doubt is left.
  return new Fault('transient', code === '' ? 'broke-off' : 'not-connected', `The mailbox at ${host} could not be used.`, {
    cause,
    evidence,
  });
}
