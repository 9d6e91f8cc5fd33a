import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { Fault } from '#kernel/fault';
import type { OutgoingMail } from '#ports/message-sender';
import { readMail } from '#formats/mime';
import { messageIdOf, type SmtpOptions, smtpSender } from './smtp.ts';

const mail: OutgoingMail = {
  key: 'ten:po-1:v1:mail',
  from: { name: 'Shop, “Zoë”', address: 'orders@shop.example' },
  to: { name: 'Acme', address: 'desk@acme.example' },
  replyTo: 'po+1@in.shop.example',
  subject: 'Purchase order PO-1 – Grüße',
  text: 'Please send.\n.\nThe end.',
  html: '<p>Please send.</p>',
  attachments: [{ name: 'PO-1 größe.csv', type: 'text/csv', bytes: Uint8Array.from([0, 255, 13, 10, 46]) }],
};

let server: SMTPServer | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

interface Taken {
  from: string;
  to: string[];
  bytes: Buffer;
}

/** A real SMTP server on this machine that keeps what it takes. */
async function postOffice(
  more: SMTPServerOptions = {},
): Promise<{ taken: Taken[]; sender: ReturnType<typeof smtpSender>; at: SmtpOptions }> {
  const taken: Taken[] = [];
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : '',
          to: envelope.rcptTo.map(({ address }) => address),
          bytes: Buffer.concat(chunks),
        });
        done();
      });
    },
    ...more,
  });
  server.on('error', () => {});
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const at: SmtpOptions = { host: '127.0.0.1', port: (listener.address() as AddressInfo).port, tls: 'none', timeoutMs: 500 };
  return { taken, sender: smtpSender(at), at };
}

const refuse = (code: number, text = 'no'): Error => Object.assign(new Error(text), { responseCode: code });

const faultOf = async (sending: Promise<unknown>): Promise<Fault> => {
  const error = await sending.then(
    () => new Error('no fault'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw error;
  return error;
};

describe('sending', () => {
  it('gives the mail over whole, and it reads again as it was', async () => {
    const { taken, sender } = await postOffice();
    const { reference } = await sender.send(mail);
    expect(taken).toMatchObject([{ from: 'orders@shop.example', to: ['desk@acme.example'] }]);
    const read = await readMail(taken[0]?.bytes ?? new Uint8Array());
    expect(read).toMatchObject({
      messageId: reference,
      subject: mail.subject,
      from: { name: 'Shop, “Zoë”', address: 'orders@shop.example' },
      to: [{ name: 'Acme', address: 'desk@acme.example' }],
      autoSubmitted: true,
    });
    expect(read.text.trim()).toBe(mail.text);
    expect(read.attachments).toMatchObject([{ name: 'PO-1 größe.csv', type: 'text/csv' }]);
    expect([...(read.attachments[0]?.bytes ?? [])]).toEqual([0, 255, 13, 10, 46]);
  });

  it('has the same Message-ID each time for one key, and shows nothing of the key', async () => {
    const { taken, sender } = await postOffice();
    const references = [await sender.send(mail), await sender.send(mail), await sender.send({ ...mail, key: 'other' })].map(
      ({ reference }) => reference,
    );
    expect(references[0]).toBe(references[1]);
    expect(references[2]).not.toBe(references[0]);
    expect(references[0]).toBe(messageIdOf(mail.key, mail.from.address));
    expect(references[0]).toMatch(/^<[\w-]{32}@shop\.example>$/);
    expect(taken).toHaveLength(3);
  });

  it.each([
    ['a line break in the subject', { subject: 'Hello\r\nBcc: all@evil.example' }],
    ['a line break in a name', { to: { name: 'A\nBcc: x@evil.example', address: 'a@b.example' } }],
    ['two addresses in one', { to: { address: 'a@b.example, c@evil.example' } }],
    ['a quoted local part', { to: { address: '"a@evil.example x"@b.example' } }],
    ['a comment', { to: { address: 'a(b)@b.example' } }],
    ['a group', { to: { address: 'all: a@b.example;' } }],
    ['a name in the address', { to: { address: 'A <a@b.example>' } }],
    ['a NUL', { to: { address: 'a\u0000@b.example' } }],
    ['a line break in an attachment’s name', { attachments: [{ name: 'a\r\nX: y', type: 'text/csv', bytes: new Uint8Array() }] }],
  ] as [string, Partial<OutgoingMail>][])('refuses %s before anybody is called', async (_what, part) => {
    const { taken, sender } = await postOffice();
    expect(await faultOf(sender.send({ ...mail, ...part }))).toMatchObject({ kind: 'refused', code: 'bad-mail' });
    expect(taken).toHaveLength(0);
  });
});

describe('the kind of a fault', () => {
  it('follows the answer to a recipient: 5xx refused, 4xx transient', async () => {
    const hard = await postOffice({ onRcptTo: (_address, _session, done) => done(refuse(550)) });
    expect(await faultOf(hard.sender.send(mail))).toMatchObject({ kind: 'refused', code: 'recipient-refused' });
    server?.close();
    const grey = await postOffice({ onRcptTo: (_address, _session, done) => done(refuse(451)) });
    expect(await faultOf(grey.sender.send(mail))).toMatchObject({ kind: 'transient', code: 'smtp-451' });
  });

  it('follows the answer to the whole mail, which was not taken then', async () => {
    const answer = (code: number): SMTPServerOptions => ({
      onData: (stream, _session, done) => void stream.resume().on('end', () => done(refuse(code))),
    });
    const full = await postOffice(answer(452));
    expect(await faultOf(full.sender.send(mail))).toMatchObject({ kind: 'transient', code: 'smtp-452' });
    server?.close();
    const spam = await postOffice(answer(554));
    expect(await faultOf(spam.sender.send(mail))).toMatchObject({ kind: 'refused', code: 'smtp-554' });
  });

  it('is unknown when the whole mail was handed over and no answer came: lost, or too late', async () => {
    const cut = await postOffice({ onData: (stream) => void stream.resume().on('end', () => cutAll()) });
    expect(await faultOf(cut.sender.send(mail))).toMatchObject({ kind: 'unknown', code: 'broke-off' });
    server?.close();
    const silent = await postOffice({ onData: (stream) => void stream.resume() });
    expect(await faultOf(silent.sender.send(mail))).toMatchObject({ kind: 'unknown', code: 'broke-off' });
  });

  it('is transient when the connection is lost before', async () => {
    const { sender } = await postOffice({ onRcptTo: () => cutAll() });
    expect(await faultOf(sender.send(mail))).toMatchObject({ kind: 'transient', code: 'not-connected' });
  });

  it('is transient when nobody listens, and for a person to mend when login or TLS fail', async () => {
    const { at } = await postOffice({ onAuth: (_auth, _session, done) => done(refuse(535)), allowInsecureAuth: true });
    expect(await faultOf(smtpSender({ ...at, user: 'x', password: 'y' }).send(mail))).toMatchObject({
      kind: 'misconfigured',
      code: 'login-failed',
    });
    expect(await faultOf(smtpSender({ ...at, tls: 'start' }).send(mail))).toMatchObject({ kind: 'misconfigured' });
    expect(await faultOf(smtpSender({ ...at, port: 9 }).send(mail))).toMatchObject({ kind: 'transient', code: 'not-connected' });
  });
});

function cutAll(): void {
  for (const connection of (server as unknown as { connections: Set<{ _socket: { destroy(): void } }> }).connections)
    connection._socket.destroy();
}

describe('reading', () => {
  const from = (...lines: string[]): Uint8Array => new TextEncoder().encode(lines.join('\r\n'));

  it('finds what a mail answers', async () => {
    const read = await readMail(
      from(
        'From: "Acme" <Desk@acme.example>',
        'To: Team: a@x.example, b@x.example;',
        'Subject: =?utf-8?Q?Re=3A_gr=C3=BC=C3=9Fe?=',
        'Message-ID: <r1@acme.example>',
        'In-Reply-To: <m1@shop.example>',
        'References: <m0@shop.example>\r\n <m1@shop.example>',
        'Date: Wed, 25 Nov 2026 10:00:00 +0100',
        '',
        'ok',
      ),
    );
    expect(read).toMatchObject({
      messageId: '<r1@acme.example>',
      inReplyTo: '<m1@shop.example>',
      references: ['<m0@shop.example>', '<m1@shop.example>'],
      subject: 'Re: grüße',
      from: { name: 'Acme', address: 'Desk@acme.example' },
      to: [{ address: 'a@x.example' }, { address: 'b@x.example' }],
      date: '2026-11-25T09:00:00Z',
      autoSubmitted: false,
    });
    expect(read.text.trim()).toBe('ok');
  });

  it.each([
    ['Auto-Submitted: auto-replied'],
    ['Precedence: bulk'],
    ['Return-Path: <>'],
    ['X-Autoreply: yes'],
    ['Content-Type: multipart/report; report-type=delivery-status; boundary=b'],
  ])('knows a machine’s answer by "%s"', async (header) => {
    expect((await readMail(from('From: a@b.example', header, '', '--b--'))).autoSubmitted).toBe(true);
  });

  it('refuses a mail that is too large, too deep, or in too many parts', async () => {
    await expect(readMail(new Uint8Array(25_000_001))).rejects.toMatchObject({ code: 'too-large' });
    const open = Array.from({ length: 60 }, (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}`);
    await expect(readMail(from('From: a@b.example', ...open, '', 'x'))).rejects.toMatchObject({ code: 'no-mail' });
    const parts = Array.from(
      { length: 51 },
      (_, nth) => `--b\r\nContent-Type: text/csv; name=a${nth}.csv\r\nContent-Disposition: attachment\r\n\r\nx`,
    );
    await expect(
      readMail(from('From: a@b.example', 'Content-Type: multipart/mixed; boundary=b', '', ...parts, '--b--')),
    ).rejects.toMatchObject({ code: 'too-many-attachments' });
  });

  it('takes any bytes for a mail without breaking', async () => {
    for (const bytes of [
      new Uint8Array(),
      from('no header at all'),
      Uint8Array.from({ length: 5_000 }, (_, place) => (place * 131) % 256),
    ]) {
      await expect(readMail(bytes)).resolves.toMatchObject({ messageId: '' });
    }
  });
});
