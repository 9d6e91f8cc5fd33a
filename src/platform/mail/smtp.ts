import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { Fault } from '#kernel/fault';
import { type AllowList, checkedAddress } from '#platform/api';
import type { MessageSender, OutgoingMail } from '#ports/message-sender';

export interface SmtpOptions {
  host: string;
  port?: number;
  /** `start` (STARTTLS, required) unless said; `always` from the first byte; `none` only for a relay on the same machine or network. */
  tls?: 'start' | 'always' | 'none';
  user?: string;
  password?: string;
  /** The server's own certificate authority, in PEM. */
  ca?: string;
  timeoutMs?: number;
  /** Left out for the server that the operator named; given for those a tenant typed in. */
  guard?: AllowList;
}

/** One strict grammar: no quotes, groups, comments or control characters, so that no address means two things to two programs. */
const addressShape =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f\u2028\u2029]/;
const mostBytes = 25_000_000;

/** Always the same for one key, and nothing of the key can be read from it: `<…@domain of the sender>`. */
export const messageIdOf = (key: string, from: string): string =>
  `<${createHash('sha256').update(key).digest('base64url').slice(0, 32)}@${from.slice(from.lastIndexOf('@') + 1).toLowerCase()}>`;

/**
 * Sends by SMTP. A mail whose last byte has been handed over and that nobody answered is `unknown`: the server may have taken
 * it. Everything before that is certain not to have been sent.
 */
export function smtpSender(options: SmtpOptions): MessageSender {
  return {
    send: async (mail) => {
      check(mail);
      const messageId = messageIdOf(mail.key, mail.from.address);
      const bytes = await compose(mail, messageId);
      if (bytes.length > mostBytes)
        throw new Fault('refused', 'too-large', `The mail has ${bytes.length} bytes; at most ${mostBytes} are sent.`);
      await deliver(options, mail, bytes);
      return { reference: messageId };
    },
  };
}

function check(mail: OutgoingMail): void {
  const addresses = [mail.from, mail.to, ...(mail.replyTo === undefined ? [] : [{ address: mail.replyTo }])];
  // The address itself is left out of the message: it is a person's.
  if (addresses.some(({ address }) => address.length > 254 || !addressShape.test(address)))
    throw bad('one of its addresses is not of the form name@domain');
  const texts = [mail.from.name, mail.subject, mail.to.name ?? '', ...mail.attachments.flatMap(({ name, type }) => [name, type])];
  if (texts.some((text) => control.test(text))) throw bad('its subject or one of its names has a control character in it');
}

const bad = (why: string): Fault => new Fault('refused', 'bad-mail', `The mail was not sent: ${why}.`);

const compose = (mail: OutgoingMail, messageId: string): Promise<Buffer> =>
  new MailComposer({
    messageId,
    from: mail.from,
    to: { name: mail.to.name ?? '', address: mail.to.address },
    ...(mail.replyTo === undefined ? {} : { replyTo: { name: '', address: mail.replyTo } }),
    subject: mail.subject,
    text: mail.text,
    ...(mail.html === undefined ? {} : { html: mail.html }),
    attachments: mail.attachments.map(({ name, type, bytes }) => ({ filename: name, contentType: type, content: Buffer.from(bytes) })),
    // So that an absence notice does not answer us, and we do not answer it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();

async function deliver(options: SmtpOptions, mail: OutgoingMail, bytes: Buffer): Promise<void> {
  const { host, tls = 'start', user, password = '', ca, timeoutMs = 20_000, guard } = options;
  const port = options.port ?? (tls === 'always' ? 465 : 587);
  const address = guard ? await checkedAddress(host, port, guard) : host;
  const connection = new SMTPConnection({
    host: address,
    port,
    secure: tls === 'always',
    requireTLS: tls === 'start',
    ignoreTLS: tls === 'none',
    tls: { servername: host, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs * 3,
    dnsTimeout: timeoutMs,
  });
  // Read only after the server has asked for it, so its end is the moment from which nobody can know.
  let handedOver = false;
  const message = Readable.from([bytes], { objectMode: false }).on('end', () => {
    handedOver = true;
  });
  // Trouble between two commands is told by an event, during one by its callback, and at times by both.
  const broken = new Promise<never>((_resolve, reject) => connection.on('error', reject));
  broken.catch(() => {});
  const said = (work: (done: (error?: Error | null) => void) => void): Promise<unknown> =>
    Promise.race([broken, new Promise<void>((resolve, reject) => work((error) => (error ? reject(error) : resolve())))]);
  try {
    await said((done) => connection.connect(done));
    if (user !== undefined) await said((done) => connection.login({ user, pass: password }, done));
    await said((done) => connection.send({ from: mail.from.address, to: [mail.to.address] }, message, done));
  } catch (error) {
    throw told(host, error, handedOver);
  } finally {
    message.destroy();
    connection.quit();
    connection.close();
  }
}

function told(host: string, cause: unknown, handedOver: boolean): Fault {
  if (cause instanceof Fault) return cause;
  const { code = '', responseCode = 0, command = '' } = cause as { code?: string; responseCode?: number; command?: string };
  const evidence = { host, code, answer: responseCode, command };
  if (code === 'EAUTH' && !(responseCode >= 400 && responseCode < 500)) {
    return new Fault('misconfigured', 'login-failed', `${host} did not let us in. Check user and password of the mail server.`, {
      cause,
      evidence,
    });
  }
  if (code === 'ETLS' || /STARTTLS/.test(command)) {
    return new Fault('misconfigured', 'no-tls', `${host} does not offer TLS, without which nothing is sent.`, { cause, evidence });
  }
  if (responseCode >= 500) {
    const what = /RCPT/.test(command) ? 'recipient-refused' : `smtp-${responseCode}`;
    return new Fault('refused', what, `${host} refused the mail with ${responseCode}${command === '' ? '' : ` at ${command}`}.`, {
      cause,
      evidence,
    });
  }
  if (responseCode >= 400)
    return new Fault('transient', `smtp-${responseCode}`, `${host} cannot take the mail now (${responseCode}).`, { cause, evidence });
  if (handedOver)
    return new Fault('unknown', 'broke-off', `${host} had the whole mail and did not answer; it may have been sent.`, { cause, evidence });
  return new Fault('transient', 'not-connected', `No mail could be given to ${host} (${code || 'no answer'}).`, { cause, evidence });
}
