import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A real OpenSSH server that speaks SFTP to whoever holds the key, on the loopback address. */
export interface SshServer {
  host: string;
  port: number;
  user: string;
  /** In OpenSSH's format, without a passphrase. */
  privateKey: string;
  /** As `ssh-keygen -l` shows it: SHA256:… */
  hostFingerprint: string;
  /** Where a login starts; its folders and files are those on our disk. */
  folder: string;
  /** What the server has logged so far. */
  log(): string;
  stop(): Promise<void>;
}

const startsWithin = 5_000;

const find = (program: string): string | undefined =>
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));

/**
 * Why SFTP cannot be tried against OpenSSH here; undefined when it can. The reason is to be the name of the skipped group:
 * `describe.skipIf(missing)(missing ?? 'a folder by SFTP', …)`.
 */
export function whyNoSshd(): string | undefined {
  const missing = ['sshd', 'ssh-keygen'].filter((program) => !find(program));
  if (missing.length > 0)
    return `no ${missing.join(' and no ')} was found: install OpenSSH's server (Debian: apt-get install openssh-server)`;
  if (process.getuid?.() !== 0) return undefined;
  // Started by root, sshd drops its rights to an account of its own.
  return /^sshd:/m.test(readFileSync('/etc/passwd', 'utf8'))
    ? undefined
    : 'sshd run by root needs the account "sshd", which openssh-server makes';
}

/** Starts sshd on a free port in a temporary folder that `stop` removes. Logins are by key, as the account that runs the test. */
export async function startSshd(): Promise<SshServer> {
  const missing = whyNoSshd();
  if (missing) throw new Error(missing);
  const place = mkdtempSync(join(tmpdir(), 'stockless-sshd-'));
  const folder = join(place, 'drop');
  mkdirSync(folder);
  const hostKey = newKey(join(place, 'host'));
  const ownKey = newKey(join(place, 'own'));
  writeFileSync(join(place, 'authorized'), ownKey.shown, { mode: 0o600 });
  // Root's sshd locks itself into this empty folder before anybody has logged in.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  writeFileSync(join(place, 'config'), settings(place, folder, port));
  const child = spawn(find('sshd') ?? 'sshd', ['-D', '-e', '-f', join(place, 'config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes) => (said += bytes));
  await answers(child, () => said);
  return {
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    privateKey: readFileSync(join(place, 'own'), 'utf8'),
    hostFingerprint: fingerprint(hostKey.shown),
    folder,
    log: () => said,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(place, { recursive: true, force: true });
    },
  };
}

const settings = (place: string, folder: string, port: number): string => `ListenAddress 127.0.0.1:${port}
HostKey ${place}/host
AuthorizedKeysFile ${place}/authorized
PidFile none
LogLevel VERBOSE
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
# The temporary folder's parents are open to all, which sshd would not have for a real account.
StrictModes no
MaxStartups 50
Subsystem sftp internal-sftp -d ${folder}
`;

function newKey(path: string): { shown: string } {
  const made = spawnSync(find('ssh-keygen') ?? 'ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', path], {
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`ssh-keygen could not make ${path}: ${made.stderr}`);
  return { shown: readFileSync(`${path}.pub`, 'utf8') };
}

function fingerprint(shown: string): string {
  const key = Buffer.from(shown.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function answers(child: ChildProcess, said: () => string): Promise<void> {
  for (let waited = 0; waited < startsWithin; waited += 20) {
    if (/Server listening/.test(said())) return;
    if (child.exitCode !== null) break;
    await wait(20);
  }
  child.kill('SIGKILL');
  throw new Error(`sshd did not start:\n${said()}`);
}
