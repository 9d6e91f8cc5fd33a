import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openKeyring } from './keyring.ts';
import { newMasterKey } from './seal.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'stockless-key-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const of = { tenant: 't', field: 'channel.token' };

it('makes a key file that only its owner reads, and opens with it ever after', () => {
  const sealed = openKeyring({ dataDir, env: {} }).seal('secret', of);
  expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
  expect(openKeyring({ dataDir, env: {} }).open(sealed, of)).toBe('secret');
});

it('refuses a key file that others can read', () => {
  openKeyring({ dataDir, env: {} });
  chmodSync(join(dataDir, 'master.key'), 0o644);
  expect(() => openKeyring({ dataDir, env: {} })).toThrow(/chmod 600/);
});

it('takes the keys from the environment where they are set, old ones too', () => {
  const [older, newer] = [newMasterKey(), newMasterKey()];
  const sealed = openKeyring({ dataDir, env: { STOCKLESS_KEY: older } }).seal('secret', of);
  const both = openKeyring({ dataDir, env: { STOCKLESS_KEY: `${newer},${older}` } });
  expect(both.open(sealed, of)).toBe('secret');
  expect(both.isOld(sealed)).toBe(true);
  expect(() => statSync(join(dataDir, 'master.key'))).toThrow(/ENOENT/);
});
