import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '#kernel/fault';
import { ftpDrop, localDrop, sftpDrop } from '#platform/files';
import type { FileDrop } from '#ports/file-drop';
import { startSshd, whyNoSshd } from '../setup/sshd.ts';
import { type FtpServer, startFtp } from './ftp-server.ts';

/** What every drop promises, whatever lies behind it. */

interface Stage {
  drop: FileDrop;
  /** The same folder as our disk shows it: what the partner sees. */
  folder: string;
  stop: () => Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array): string => new TextDecoder().decode(content);
const noSshd = whyNoSshd();

const stages: { name: string; skip?: string | undefined; links: boolean; start: () => Promise<Stage> }[] = [
  {
    name: 'a folder of this machine',
    links: true,
    start: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'stockless-drop-'));
      return { drop: localDrop(folder), folder, stop: async () => rmSync(folder, { recursive: true }) };
    },
  },
  {
    name: 'a folder by SFTP',
    skip: noSshd,
    links: false,
    start: async () => {
      const server = await startSshd();
      return { drop: sftpDrop(server), folder: server.folder, stop: () => server.stop() };
    },
  },
  {
    name: 'a folder by FTP',
    links: false,
    start: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'stockless-ftp-'));
      const server = await startFtp(folder);
      const drop = ftpDrop({ host: '127.0.0.1', port: server.port, user: server.user, password: server.password, tls: 'none' });
      return {
        drop,
        folder,
        stop: async () => {
          await server.stop();
          rmSync(folder, { recursive: true });
        },
      };
    },
  },
];

const faultOf = async (doing: Promise<unknown>): Promise<Fault> => {
  const error = await doing.then(
    () => new Error('no fault'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Fault)) throw error;
  return error;
};

describe.each(stages)('$name', ({ skip, start, links, name }) => {
  describe.skipIf(skip)(skip ?? 'keeps what a drop promises', () => {
    let stage: Stage;
    let folder = '';

    beforeAll(async () => {
      stage = await start();
    });
    afterAll(() => stage.stop());
    beforeEach(() => {
      for (const left of readdirSync(stage.folder)) rmSync(join(stage.folder, left), { recursive: true });
      folder = join(stage.folder, 'orders');
      mkdirSync(folder);
    });

    it('writes a file whole and leaves nothing beside it', async () => {
      await stage.drop.write('orders', 'po-1.csv', bytes('a;b\r\n1;2\r\n'));
      expect(readdirSync(folder)).toEqual(['po-1.csv']);
      expect(readFileSync(join(folder, 'po-1.csv'), 'utf8')).toBe('a;b\r\n1;2\r\n');
    });

    it('writes the same once more as if nothing were, and never over something else', async () => {
      await stage.drop.write('orders', 'po-1.csv', bytes('first'));
      await stage.drop.write('orders', 'po-1.csv', bytes('first'));
      expect(await faultOf(stage.drop.write('orders', 'po-1.csv', bytes('other')))).toMatchObject({ kind: 'refused', code: 'name-taken' });
      expect(readFileSync(join(folder, 'po-1.csv'), 'utf8')).toBe('first');
    });

    it('knows that the partner took it: in the archive it counts as written', async () => {
      mkdirSync(join(folder, 'archive'));
      writeFileSync(join(folder, 'archive', 'po-1.csv'), 'first');
      await expect(stage.drop.exists('orders', 'po-1.csv')).resolves.toBe(true);
      await stage.drop.write('orders', 'po-1.csv', bytes('first'));
      expect(readdirSync(folder)).toEqual(['archive']);
    });

    it('goes on after half a file was left by a try before', async () => {
      writeFileSync(join(folder, 'po-1.csv.part'), 'half of something else that was longer');
      await stage.drop.write('orders', 'po-1.csv', bytes('whole'));
      expect(readdirSync(folder)).toEqual(['po-1.csv']);
      expect(readFileSync(join(folder, 'po-1.csv'), 'utf8')).toBe('whole');
    });

    it('lists finished files by name, up to the limit, and nothing else', async () => {
      for (const each of ['b.csv', 'a.csv', 'c.csv', 'd.csv.part', 'e.tmp', '.hidden']) writeFileSync(join(folder, each), each);
      mkdirSync(join(folder, 'folder'));
      await expect(stage.drop.list('orders', 10)).resolves.toEqual(
        ['a.csv', 'b.csv', 'c.csv'].map((file) => expect.objectContaining({ name: file, sizeBytes: 5 })),
      );
      await expect(stage.drop.list('orders', 2)).resolves.toHaveLength(2);
    });

    it('reads a file byte for byte, with spaces and letters of any language in its name', async () => {
      const content = Uint8Array.from({ length: 200_000 }, (_, place) => (place * 7) % 256);
      writeFileSync(join(folder, 'Bestände ñ 1.csv'), content);
      const read = await stage.drop.read('orders', 'Bestände ñ 1.csv', 200_000);
      expect(Buffer.compare(read, content)).toBe(0);
    });

    it('does not read what is too large, or is not there', async () => {
      writeFileSync(join(folder, 'large.csv'), 'x'.repeat(1_001));
      expect(await faultOf(stage.drop.read('orders', 'large.csv', 1_000))).toMatchObject({ kind: 'refused', code: 'too-large' });
      expect(await faultOf(stage.drop.read('orders', 'none.csv', 1_000))).toMatchObject({ kind: 'refused', code: 'no-file' });
    });

    it('archives what was taken in, twice without harm, and a second file of the name beside the first', async () => {
      await stage.drop.write('orders', 'stock.csv', bytes('monday'));
      await stage.drop.archive('orders', 'stock.csv');
      await stage.drop.archive('orders', 'stock.csv');
      expect(readdirSync(folder)).toEqual(['archive']);
      writeFileSync(join(folder, 'stock.csv'), 'tuesday!');
      await stage.drop.archive('orders', 'stock.csv');
      const kept = readdirSync(join(folder, 'archive'));
      expect(kept).toHaveLength(2);
      expect(kept.map((each) => readFileSync(join(folder, 'archive', each), 'utf8')).toSorted()).toEqual(['monday', 'tuesday!']);
    });

    it('says that a folder is missing, which a person has to mend', async () => {
      expect(await faultOf(stage.drop.list('nowhere', 10))).toMatchObject({ kind: 'misconfigured', code: 'no-folder' });
      expect(await faultOf(stage.drop.write('nowhere', 'a.csv', bytes('x')))).toMatchObject({ kind: 'misconfigured', code: 'no-folder' });
    });

    it.each(['../evil', 'a/b', 'a\\b', '..', '.', '', '.ssh', 'a\u0000b', 'a\nb', 'a\u202eb', 'x'.repeat(201)])(
      'takes no name like %j',
      async (evil) => {
        for (const doing of [
          () => stage.drop.write('orders', evil, bytes('x')),
          () => stage.drop.read('orders', evil, 10),
          () => stage.drop.archive('orders', evil),
          () => stage.drop.exists('orders', evil),
        ]) {
          expect(await faultOf(doing())).toMatchObject({ kind: 'refused', code: 'unsafe-name' });
        }
        expect(await faultOf(stage.drop.list('orders/../..', 10))).toMatchObject({ kind: 'misconfigured', code: 'unsafe-folder' });
      },
    );

    // Elsewhere there are no links to follow.
    it.runIf(links)('follows no link out of the folder', async () => {
      const outside = mkdtempSync(join(tmpdir(), 'stockless-outside-'));
      writeFileSync(join(outside, 'secret.csv'), 'secret');
      symlinkSync(join(outside, 'secret.csv'), join(folder, 'link.csv'));
      symlinkSync(outside, join(stage.folder, 'linked'));
      await expect(stage.drop.list('orders', 10)).resolves.toEqual([]);
      expect(await faultOf(stage.drop.read('orders', 'link.csv', 100))).toMatchObject({ kind: 'refused' });
      expect(await faultOf(stage.drop.read('linked', 'secret.csv', 100))).toMatchObject({ kind: 'misconfigured', code: 'link' });
      expect(await faultOf(stage.drop.write('linked', 'new.csv', bytes('x')))).toMatchObject({ kind: 'misconfigured', code: 'link' });
      symlinkSync(join(outside, 'written'), join(folder, 'po-9.csv.part'));
      await faultOf(stage.drop.write('orders', 'po-9.csv', bytes('x')));
      expect(existsSync(join(outside, 'written'))).toBe(false);
      linkSync(join(outside, 'secret.csv'), join(folder, 'hard.csv'));
      rmSync(outside, { recursive: true });
    });

    it.skipIf(name.includes('SFTP') === false)('lists and reads quickly, as small packets do not wait', async () => {
      writeFileSync(join(folder, 'large.csv'), Buffer.alloc(8_000_000, 'x'));
      const startedAt = performance.now();
      expect(text(await stage.drop.read('orders', 'large.csv', 8_000_000))).toHaveLength(8_000_000);
      expect(performance.now() - startedAt).toBeLessThan(4_000);
    });
  });
});

describe('a server that is not there, or not who it was', () => {
  it('is transient when nothing answers', async () => {
    const gone = { host: '127.0.0.1', port: 9, user: 'x', password: 'x', timeoutMs: 1_000 };
    expect(await faultOf(ftpDrop({ ...gone, tls: 'none' }).list('', 1))).toMatchObject({ kind: 'transient', code: 'not-connected' });
    expect(await faultOf(sftpDrop({ ...gone, hostFingerprint: 'SHA256:x' }).list('', 1))).toMatchObject({
      kind: 'transient',
      code: 'not-connected',
    });
  });

  it('is not called inside our own network when a tenant typed the address', async () => {
    const inside = { host: 'localhost', port: 9, user: 'x', password: 'x', guard: { hosts: new Set<string>(), networks: [] } };
    expect(await faultOf(ftpDrop({ ...inside, tls: 'none' }).list('', 1))).toMatchObject({
      kind: 'misconfigured',
      code: 'address-refused',
    });
    expect(await faultOf(sftpDrop({ ...inside, hostFingerprint: 'SHA256:x' }).list('', 1))).toMatchObject({
      kind: 'misconfigured',
      code: 'address-refused',
    });
  });

  it.skipIf(noSshd)('gets nothing when its key is another one, and no login with a wrong key of ours', async () => {
    const server = await startSshd();
    const { host, port, user, privateKey, hostFingerprint } = server;
    try {
      const changed = sftpDrop({ host, port, user, privateKey, hostFingerprint: `SHA256:${'A'.repeat(43)}` });
      expect(await faultOf(changed.list('', 1))).toMatchObject({
        kind: 'misconfigured',
        code: 'host-key-changed',
        evidence: { shown: hostFingerprint },
      });
      const stranger = sftpDrop({ host, port, user, password: 'guess', hostFingerprint });
      expect(await faultOf(stranger.list('', 1))).toMatchObject({ kind: 'misconfigured', code: 'login-failed' });
    } finally {
      await server.stop();
    }
  });

  describe('FTP', () => {
    let server: FtpServer;
    let folder = '';
    let drop: FileDrop;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'stockless-ftp-'));
      server = await startFtp(folder);
      drop = ftpDrop({ host: '127.0.0.1', port: server.port, user: server.user, password: server.password, tls: 'none' });
    });
    afterAll(async () => {
      await server.stop();
      rmSync(folder, { recursive: true });
    });

    it('is unknown when the connection is lost after the name was given, and can then be seen to be there', async () => {
      server.cutAfter('RNTO');
      expect(await faultOf(drop.write('', 'po-7.csv', bytes('seven')))).toMatchObject({ kind: 'unknown', code: 'broke-off' });
      await expect(drop.exists('', 'po-7.csv')).resolves.toBe(true);
      await drop.write('', 'po-7.csv', bytes('seven'));
    });

    it('is transient when the connection is lost before', async () => {
      for (const command of ['STOR', 'MLSD', 'CWD']) {
        server.cutAfter(command);
        expect(await faultOf(drop.write('', 'po-8.csv', bytes('eight')))).toMatchObject({ kind: 'transient', code: 'broke-off' });
      }
      await expect(drop.exists('', 'po-8.csv')).resolves.toBe(false);
    });

    it('is for a person to mend when the password is wrong or TLS is missing', async () => {
      const at = { host: '127.0.0.1', port: server.port, user: server.user };
      expect(await faultOf(ftpDrop({ ...at, password: 'no', tls: 'none' }).list('', 1))).toMatchObject({
        kind: 'misconfigured',
        code: 'login-failed',
      });
      expect(await faultOf(ftpDrop({ ...at, password: server.password }).list('', 1))).toMatchObject({
        kind: 'misconfigured',
        code: 'no-tls',
      });
    });
  });
});
