import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Fault } from '#kernel/fault';
import { type ImapOptions, imapMailbox } from './imap.ts';

/** A small IMAP4rev1 server (RFC 3501) with one folder: enough to search, fetch and mark. */
interface Box {
  validity: number;
  /** Whether it keeps marks of ours. */
  marks: boolean;
  mails: Map<number, { bytes: Buffer; flags: Set<string> }>;
}

let box: Box;
let server: Server;
const sockets = new Set<Socket>();

beforeEach(async () => {
  box = { validity: 7, marks: true, mails: new Map() };
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write('* OK ready\r\n');
    let rest = '';
    socket.on('data', (bytes) => {
      const lines = (rest + bytes.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) answer(socket, line);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

const uidsIn = (set: string): number[] =>
  set.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split(':').map(Number);
    return [...box.mails.keys()].filter((uid) => uid >= from && uid <= to);
  });

function answer(socket: Socket, line: string): void {
  const [tag = '', ...words] = line.split(' ');
  const command = words[0] === 'UID' ? `UID ${words[1]}` : (words[0] ?? '').toUpperCase();
  const say = (...lines: string[]): boolean => socket.write(`${lines.map((text) => `${text}\r\n`).join('')}`, 'latin1');
  const done = (text = 'done'): boolean => say(`${tag} OK ${text}`);
  if (command === 'CAPABILITY') return void (say('* CAPABILITY IMAP4rev1'), done());
  if (command === 'LOGIN')
    return void (/for-tests/.test(line) ? done('[CAPABILITY IMAP4rev1] in') : say(`${tag} NO [AUTHENTICATIONFAILED] no`));
  if (command === 'NAMESPACE') return void (say('* NAMESPACE (("" "/")) NIL NIL'), done());
  if (command === 'LIST' || command === 'LSUB')
    return void (/Nowhere/.test(line) || say(`* ${command} (\\HasNoChildren) "/" INBOX`), done());
  if (command === 'SELECT') {
    if (!/SELECT "?INBOX"?$/.test(line)) return void say(`${tag} NO [NONEXISTENT] no such folder`);
    const kept = box.marks ? '\\Seen \\*' : '\\Seen';
    say(
      '* FLAGS (\\Seen)',
      `* OK [PERMANENTFLAGS (${kept})] kept`,
      `* ${box.mails.size} EXISTS`,
      '* 0 RECENT',
      `* OK [UIDVALIDITY ${box.validity}] valid`,
      '* OK [UIDNEXT 100] next',
    );
    return void done('[READ-WRITE] chosen');
  }
  if (command === 'UID SEARCH') {
    const without = /UNKEYWORD (\S+)/i.exec(line)?.[1] ?? '\\Seen';
    const found = [...box.mails].filter(([, { flags }]) => !flags.has(without)).map(([uid]) => uid);
    return void (say(`* SEARCH ${found.toReversed().join(' ')}`), done());
  }
  if (command === 'UID FETCH') {
    const [uid = 0] = uidsIn(words[2] ?? '');
    const most = Number(/<0\.(\d+)>/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY);
    const bytes = box.mails.get(uid)?.bytes.subarray(0, most);
    if (bytes) {
      socket.write(`* 1 FETCH (UID ${uid} BODY[]<0> {${bytes.length}}\r\n`);
      socket.write(bytes);
      socket.write(')\r\n');
    }
    return void done();
  }
  if (command === 'UID STORE') {
    const marks = /\(([^)]*)\)/.exec(line)?.[1]?.split(' ') ?? [];
    for (const uid of uidsIn(words[2] ?? '')) for (const mark of marks) box.mails.get(uid)?.flags.add(mark);
    return void done();
  }
  if (command === 'LOGOUT') return void (say('* BYE'), done(), socket.end());
  return void (command === 'NOOP' || command === 'CLOSE' || command === 'UNSELECT' ? done() : say(`${tag} BAD not known here`));
}

const put = (uid: number, text: string): void => void box.mails.set(uid, { bytes: Buffer.from(text), flags: new Set() });
const mailbox = (more: Partial<ImapOptions> = {}) =>
  imapMailbox({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    tls: 'none',
    user: 'in',
    password: 'for-tests',
    timeoutMs: 2_000,
    ...more,
  });
const faultOf = (doing: Promise<unknown>): Promise<unknown> =>
  doing.then(
    () => null,
    (error: unknown) => (error instanceof Fault ? error : Promise.reject(error)),
  );

it('gives the oldest first, whole, until they are taken', async () => {
  for (const uid of [11, 12, 13]) put(uid, `From: a@b.example\r\nSubject: ${uid}\r\n\r\n(x) {3}\r\n`);
  const first = await mailbox().waiting(2);
  expect(first.map(({ uid }) => uid)).toEqual(['7.11', '7.12']);
  expect(Buffer.from(first[0]?.bytes ?? []).toString()).toBe('From: a@b.example\r\nSubject: 11\r\n\r\n(x) {3}\r\n');
  await mailbox().taken(['7.11', '7.12']);
  await mailbox().taken(['7.11']);
  expect((await mailbox().waiting(10)).map(({ uid }) => uid)).toEqual(['7.13']);
});

it('loses nothing when a person reads the mailbox too', async () => {
  put(11, 'Subject: x\r\n\r\n');
  box.mails.get(11)?.flags.add('\\Seen');
  expect(await mailbox().waiting(10)).toHaveLength(1);
});

it('marks as read where a server keeps no marks of ours', async () => {
  box.marks = false;
  put(11, 'Subject: x\r\n\r\n');
  await mailbox().taken(['7.11']);
  expect([...(box.mails.get(11)?.flags ?? [])]).toEqual(['\\Seen']);
  expect(await mailbox().waiting(10)).toEqual([]);
});

it('does not mark a stranger after the folder was made anew', async () => {
  put(11, 'Subject: x\r\n\r\n');
  box.validity = 8;
  await mailbox().taken(['7.11', '7.1; DELETE', '8.1,1:*']);
  expect(box.mails.get(11)?.flags.size).toBe(0);
});

it('tells a wrong password and a missing folder from a server that is away', async () => {
  expect(await faultOf(mailbox({ password: 'wrong' }).waiting(1))).toMatchObject({ kind: 'misconfigured', code: 'login-failed' });
  expect(await faultOf(mailbox({ folder: 'Nowhere' }).waiting(1))).toMatchObject({ kind: 'misconfigured', code: 'no-folder' });
  expect(await faultOf(mailbox({ port: 9 }).waiting(1))).toMatchObject({ kind: 'transient' });
});
