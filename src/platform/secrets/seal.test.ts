import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { hashToken, loadSealer, makeSealer, newMasterKey, newToken, readMasterKey } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'stockless-key-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const belongsTo = { tenant: 'tenant-a', field: 'suppliers.acme.apiKey' };
const older = readMasterKey(newMasterKey());
const newer = readMasterKey(newMasterKey());
const sealer = makeSealer([older]);

describe('sealing', () => {
  test('whatever is sealed opens again to the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (plain) => {
        expect(sealer.open(sealer.seal(plain, belongsTo), belongsTo)).toBe(plain);
      }),
    );
  });

  test('the same text never seals to the same blob, and the blob does not show it', () => {
    const first = sealer.seal('hunter2-hunter2', belongsTo);
    expect(sealer.seal('hunter2-hunter2', belongsTo)).not.toBe(first);
    expect(Buffer.from(first.split('.')[2] ?? '', 'base64url').includes('hunter2')).toBe(false);
  });

  test.each([
    ['another tenant', { ...belongsTo, tenant: 'tenant-b' }],
    ['another field', { ...belongsTo, field: 'suppliers.acme.password' }],
    ['tenant and field cut at another place', { tenant: 'tenant-asuppliers', field: '.acme.apiKey' }],
  ])('a blob moved to %s does not open', (_, elsewhere) => {
    expect(() => sealer.open(sealer.seal('secret', belongsTo), elsewhere)).toThrow(/does not open/);
  });

  test('a blob with one bit changed anywhere does not open', () => {
    const [form, keyId, body = ''] = sealer.seal('secret', belongsTo).split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let place = 0; place < bytes.length; place += 1) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(() => sealer.open(`${form}.${keyId}.${changed.toString('base64url')}`, belongsTo)).toThrow(/does not open/);
    }
  });

  test.each(['', 's1', 's1.', 's2.abc.def', `s1.${older.id}.`, `s1.${older.id}.AAAA`])('"%s" is refused with a clear error', (sealed) => {
    expect(() => sealer.open(sealed, belongsTo)).toThrow(/The secret for suppliers.acme.apiKey/);
  });

  test('an error never carries the secret or the key', () => {
    const sealed = sealer.seal('canary-secret', belongsTo);
    const message = String(catching(() => sealer.open(sealed, { ...belongsTo, tenant: 'x' })));
    expect(message).not.toContain('canary');
    expect(message).not.toContain(sealed.split('.')[2]);
  });

  test('after a rotation the new key seals and the old one still opens', () => {
    const old = sealer.seal('secret', belongsTo);
    const rotated = makeSealer([newer, older]);
    expect(rotated.open(old, belongsTo)).toBe('secret');
    expect(rotated.isOld(old)).toBe(true);
    const fresh = rotated.seal('secret', belongsTo);
    expect(rotated.isOld(fresh)).toBe(false);
    expect(() => sealer.open(fresh, belongsTo)).toThrow(/not here. Add it to the key file/);
  });
});

describe('the key file', () => {
  test('is made once, for the owner only, and read again', () => {
    const keyFile = join(folder, 'sub', 'master.key');
    const sealed = loadSealer({ keyFile }).seal('secret', belongsTo);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(loadSealer({ keyFile }).open(sealed, belongsTo)).toBe('secret');
  });

  test('that others can read is refused', () => {
    const keyFile = join(folder, 'open.key');
    writeFileSync(keyFile, newMasterKey());
    chmodSync(keyFile, 0o644);
    expect(() => loadSealer({ keyFile })).toThrow(/chmod 600/);
  });

  test('with two keys opens what either sealed', () => {
    const keyFile = join(folder, 'two.key');
    loadSealer({ keyFile });
    const first = readFileSync(keyFile, 'utf8');
    const sealed = loadSealer({ keyFile }).seal('secret', belongsTo);
    writeFileSync(keyFile, `${newMasterKey()}\n${first}`);
    const rotated = loadSealer({ keyFile });
    expect(rotated.open(sealed, belongsTo)).toBe('secret');
    expect(rotated.isOld(sealed)).toBe(true);
  });

  test('gives way to a key from the environment, and a bad one there is named', () => {
    const keyFile = join(folder, 'never-made.key');
    expect(loadSealer({ keyFile, fromEnv: newMasterKey() }).isOld('s1.x.y')).toBe(true);
    expect(() => statSync(keyFile)).toThrow();
    expect(() => loadSealer({ keyFile, fromEnv: 'short' })).toThrow(/32 bytes in base64/);
    expect(() => loadSealer({ keyFile, fromEnv: ' ' })).toThrow(/no master key in STOCKLESS_KEY/);
  });
});

test('a token has 256 bits, is kept as its hash only, and two are never the same', () => {
  const { token, hash } = newToken();
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(hash).toBe(hashToken(token));
  expect(hash).not.toContain(token);
  expect(newToken().token).not.toBe(token);
});

function catching(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
