import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join, posix } from 'node:path';

/** A small FTP server (RFC 959, EPSV, MLSD) over a folder of this machine: passive only, one user, no TLS. */
export interface FtpServer {
  port: number;
  user: string;
  password: string;
  /** Ends the connection when this command has been done and before it is answered; for one time. */
  cutAfter(command: string): void;
  stop(): Promise<void>;
}

interface Session {
  socket: Socket;
  root: string;
  at: string;
  user: string;
  renameFrom: string;
  passive: Server | undefined;
  /** The client may connect before it says what for. */
  arriving: Promise<[Socket]> | undefined;
}

type Handler = (session: Session, argument: string) => string | Promise<string>;

const user = 'partner';
const password = 'for tests only';

export async function startFtp(root: string): Promise<FtpServer> {
  const cut = new Set<string>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    const session: Session = { socket, root, at: '/', user: '', renameFrom: '', passive: undefined, arriving: undefined };
    socket.write('220 ready\r\n');
    let rest = '';
    let turn = Promise.resolve();
    socket.on('data', (bytes) => {
      const lines = (rest + bytes.toString('utf8')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) turn = turn.then(() => answer(session, line, cut));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    user,
    password,
    cutAfter: (command) => void cut.add(command),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(session: Session, line: string, cut: Set<string>): Promise<void> {
  const [word = '', ...more] = line.split(' ');
  const command = word.toUpperCase();
  const handler = handlers[command];
  let said: string;
  if (!handler) said = '502 not known here';
  else if (session.user === '' && !['USER', 'PASS', 'FEAT', 'QUIT'].includes(command)) said = '530 log in first';
  else {
    try {
      said = await handler(session, more.join(' '));
    } catch (error) {
      const { code = 'EIO' } = error as NodeJS.ErrnoException;
      said = code === 'ENOENT' || code === 'ENOTDIR' || code === 'EEXIST' ? `550 ${code}` : `451 ${code}`;
    }
  }
  if (cut.delete(command)) session.socket.destroy();
  else session.socket.write(`${said}\r\n`);
}

const absolute = (session: Session, argument: string): string => posix.resolve(session.at, argument || '.');
const onDisk = (session: Session, argument: string): string => join(session.root, absolute(session, argument));

async function listen(session: Session): Promise<number> {
  session.passive?.close();
  const passive = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(passive, 'listening');
  session.passive = passive;
  session.arriving = once(passive, 'connection') as Promise<[Socket]>;
  return (passive.address() as AddressInfo).port;
}

/** Announces the transfer, waits for the data connection and hands it over. */
async function transfer(session: Session, work: (data: Socket) => Promise<void>): Promise<string> {
  const { passive, socket, arriving } = session;
  if (!passive || !arriving) return '425 say EPSV first';
  socket.write('150 here it comes\r\n');
  const [data] = await arriving;
  data.resume();
  await work(data);
  passive.close();
  session.passive = undefined;
  return '226 done';
}

const send = (text: string | Buffer) => async (data: Socket) => {
  data.end(text);
  await once(data, 'close');
};

const stamp = (ms: number): string => Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toString().slice(0, 19).replaceAll(/\D/g, '');

const handlers: Readonly<Record<string, Handler>> = {
  USER: (session, name) => {
    session.renameFrom = name;
    return '331 and the password?';
  },
  PASS: (session, given) => {
    if (session.renameFrom !== user || given !== password) return '530 no';
    session.user = user;
    return '230 welcome';
  },
  FEAT: () => '211-we know\r\n EPSV\r\n MLST type*;size*;modify*;\r\n UTF8\r\n211 end',
  SYST: () => '215 UNIX Type: L8',
  OPTS: () => '200 fine',
  TYPE: () => '200 fine',
  STRU: () => '200 fine',
  NOOP: () => '200 fine',
  PWD: ({ at }) => `257 "${at}"`,
  CWD: (session, to) => {
    if (!statSync(onDisk(session, to)).isDirectory()) return '550 no folder';
    session.at = absolute(session, to);
    return '250 there';
  },
  EPSV: async (session) => `229 here (|||${await listen(session)}|)`,
  MLSD: async (session, of) => {
    const folder = onDisk(session, of);
    const rows = readdirSync(folder).map((name) => {
      const { size, mtimeMs, mode } = statSync(join(folder, name));
      return `type=${(mode & 0o170000) === 0o040000 ? 'dir' : 'file'};size=${size};modify=${stamp(mtimeMs)}; ${name}\r\n`;
    });
    return transfer(session, send(rows.join('')));
  },
  RETR: async (session, path) => {
    const bytes = readFileSync(onDisk(session, path));
    return transfer(session, send(bytes));
  },
  STOR: async (session, path) => {
    const target = onDisk(session, path);
    return transfer(session, async (data) => {
      const chunks: Buffer[] = [];
      for await (const chunk of data) chunks.push(chunk as Buffer);
      writeFileSync(target, Buffer.concat(chunks));
    });
  },
  RNFR: (session, path) => {
    if (!existsSync(onDisk(session, path))) return '550 no file';
    session.renameFrom = onDisk(session, path);
    return '350 and to what?';
  },
  RNTO: (session, path) => {
    renameSync(session.renameFrom, onDisk(session, path));
    return '250 renamed';
  },
  DELE: (session, path) => {
    unlinkSync(onDisk(session, path));
    return '250 gone';
  },
  MKD: (session, path) => {
    mkdirSync(onDisk(session, path));
    return '257 made';
  },
  QUIT: (session) => {
    session.socket.end('221 bye\r\n');
    return '';
  },
};
