import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import SftpClient from 'ssh2-sftp-client';
import { describe, expect, it } from 'vitest';
import { startSshd, whyNoSshd } from './setup/sshd.ts';

const noSshd = whyNoSshd();

describe.skipIf(noSshd)(noSshd ?? 'the SFTP server of the tests', () => {
  it('takes a file from who holds the key, and from nobody else', async () => {
    const server = await startSshd();
    const { host, port, user: username, privateKey } = server;
    const client = new SftpClient();
    await client.connect({ host, port, username, privateKey });
    await client.put(Buffer.from('one'), 'orders.csv');
    expect(readFileSync(join(server.folder, 'orders.csv'), 'utf8')).toBe('one');
    await client.end();
    await expect(new SftpClient().connect({ host, port, username, password: 'guess' })).rejects.toThrow(/authentication/);
    await server.stop();
    expect(existsSync(server.folder)).toBe(false);
  }, 30_000);
});
