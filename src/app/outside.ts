import { join } from 'node:path';
import type { World } from '#world/world';
import { Fault } from '#kernel/fault';
import type { Mailbox, MessageSender } from '#ports/message-sender';
import { guardedFetch, readAllowList } from '#platform/api';
import type { Config } from '#platform/config';
import { ftpDrop, localDrop, sftpDrop } from '#platform/files';
import { type ImapOptions, imapMailbox, type SmtpOptions, smtpSender } from '#platform/mail';
import type { Outside } from './wire.ts';

/** The world in this process: nothing of it leaves the machine. */
export const outsideOfWorld = (world: World): Outside => {
  const { carrier } = world.setup();
  return {
    fetch: (url, init) => world.fetch(url, init),
    drop: (code) => world.drop(code),
    messages: world.sender,
    mailbox: world.mailbox,
    carrier,
  };
};

/** The real network, mail and disk, each guarded against private networks unless the operator allowed them. */
export function realOutside(config: Config): { outside: Outside; close(): Promise<void> } {
  const allow = readAllowList(config.allowHosts);
  const { fetch, close } = guardedFetch(allow);
  const sealed = config.sealed;
  const outside: Outside = {
    fetch: sealed ? async () => Promise.reject(sealedOff()) : fetch,
    drop: (code, settings, secrets) => (sealed ? sealedDrop() : dropOf(join(config.data, 'drops'), code, settings, secrets, allow)),
    messages: !sealed && config.smtpUrl ? smtpSender(smtpOf(config.smtpUrl)) : noMail,
    mailbox: !sealed && config.imapUrl ? imapMailbox(imapOf(config.imapUrl)) : noMailbox,
    carrier: config.carrierUrl ? { baseUrl: config.carrierUrl, token: config.carrierToken ?? '' } : null,
  };
  return { outside, close: async () => close() };
}

const sealedOff = (): Fault => new Fault('misconfigured', 'sealed', 'STOCKLESS_SEALED is set: nothing leaves this installation.');
const noMail: MessageSender = {
  send: async () =>
    Promise.reject(
      new Fault('misconfigured', 'no-mail', 'No mail server is set up. Set SMTP_URL and start again; what waits is then sent.'),
    ),
};
const noMailbox: Mailbox = { waiting: async () => [], taken: async () => {} };

function sealedDrop() {
  const no = async () => Promise.reject(sealedOff());
  return { list: no, read: no, write: no, exists: no, archive: no };
}

type Text = Readonly<Record<string, unknown>>;

/** `settings.sftp` or `settings.ftp` say where the partner's folders lie; otherwise they lie under our own data folder. */
function dropOf(
  root: string,
  code: string,
  settings: Text,
  secrets: Readonly<Record<string, string>>,
  guard: ReturnType<typeof readAllowList>,
) {
  const sftp = settings['sftp'] as { host: string; port?: number; user: string; hostFingerprint: string; root?: string } | undefined;
  if (sftp)
    return sftpDrop({
      ...sftp,
      guard,
      ...(secrets['privateKey'] ? { privateKey: secrets['privateKey'] } : {}),
      ...(secrets['password'] ? { password: secrets['password'] } : {}),
    });
  const ftp = settings['ftp'] as
    | { host: string; port?: number; user: string; tls?: 'explicit' | 'implicit' | 'none'; root?: string }
    | undefined;
  if (ftp) return ftpDrop({ ...ftp, guard, password: secrets['password'] ?? '' });
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(code))
    throw new Fault('misconfigured', 'drop-name', `"${code}" cannot name a folder. Use letters, figures, - and _.`);
  return localDrop(join(root, code));
}

function smtpOf(text: string): SmtpOptions {
  const url = new URL(text);
  return {
    host: url.hostname,
    ...(url.port ? { port: Number(url.port) } : {}),
    tls: url.protocol === 'smtps:' ? 'always' : url.searchParams.get('tls') === 'none' ? 'none' : 'start',
    ...(url.username ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } : {}),
  };
}

function imapOf(text: string): ImapOptions {
  const url = new URL(text);
  return {
    host: url.hostname,
    ...(url.port ? { port: Number(url.port) } : {}),
    tls: url.protocol === 'imaps:' ? 'always' : url.searchParams.get('tls') === 'none' ? 'none' : 'start',
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
  };
}
