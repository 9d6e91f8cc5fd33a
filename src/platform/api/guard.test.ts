import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { codeOf } from './faults.ts';
import { addressRefused, readAllowList, urlRefused } from './guard.ts';
import { guardedFetch } from './guarded-fetch.ts';

describe('addresses', () => {
  it.each(
    `127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200 192.0.0.1
     192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 168.63.129.16 :: ::1 ::ffff:127.0.0.1
     ::ffff:7f00:1 ::ffff:a9fe:a9fe ::7f00:1 64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001:0:1:: 2001:db8::1 fc00::1 fd00:ec2::254
     fe80::1 fe80::1%eth0 fec0::1 ff02::1 0x7f.1 2130706433 017700000001 nonsense`
      .trim()
      .split(/\s+/),
  )('%s is not called', (address) => {
    expect(addressRefused(address)).not.toBeNull();
  });

  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is called', (address) => {
    expect(addressRefused(address)).toBeNull();
  });

  it('may be allowed by network', () => {
    const allow = readAllowList(['10.20.0.0/16', 'fd00::/8']);
    expect(addressRefused('10.20.3.4', allow)).toBeNull();
    expect(addressRefused('::ffff:10.20.3.4', allow)).toBeNull();
    expect(addressRefused('fd00::5', allow)).toBeNull();
    expect(addressRefused('10.21.3.4', allow)).not.toBeNull();
  });
});

describe('addresses of the web', () => {
  it.each([
    'http://shop.example/',
    'ftp://shop.example/',
    'file:///etc/passwd',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://①②⑦.0.0.1/',
    'https://localhost/',
    'https://localhost./',
    'https://a.localhost/',
    'https://user:pw@shop.example/',
    'https://169.254.169.254/latest/meta-data',
    'https://017700000001/',
    'http://8.8.8.8/',
  ])('%s is not called', (address) => {
    expect(urlRefused(new URL(address))).not.toBeNull();
  });

  it('allows a named host, with its port or without, and nobody else', () => {
    const allow = readAllowList(['erp.internal', '127.0.0.1:9000', '10.0.0.0/8']);
    for (const good of [
      'http://erp.internal/',
      'http://erp.internal:81/',
      'http://127.0.0.1:9000/',
      'http://10.1.1.1/',
      'https://shop.example/',
    ]) {
      expect(urlRefused(new URL(good), allow)).toBeNull();
    }
    for (const bad of [
      'http://127.0.0.1:9001/',
      'http://evil.erp.internal/',
      'http://erp.internal.evil.example/',
      'file://erp.internal/x',
    ]) {
      expect(urlRefused(new URL(bad), allow)).not.toBeNull();
    }
  });

  it('refuses an entry nobody can mean', () => {
    expect(() => readAllowList(['http://x/'])).toThrow(/no host, host:port or network/);
  });
});

describe('a name that stands for an address inside', () => {
  const names = (answers: Record<string, string[]>): LookupFunction =>
    ((host: string, _options: unknown, done: (error: null, found: { address: string; family: number }[]) => void) =>
      done(
        null,
        (answers[host] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )) as unknown as LookupFunction;
  const ask = (lookup: LookupFunction, url: string) =>
    guardedFetch(undefined, lookup).fetch(url, { method: 'GET', headers: {}, signal: AbortSignal.timeout(2_000), redirect: 'manual' });

  it('is refused when it is looked up, whatever else it stands for', async () => {
    const lookup = names({
      'inside.example': ['127.0.0.1'],
      'both.example': ['8.8.8.8', '10.0.0.1'],
      'mapped.example': ['::ffff:169.254.169.254'],
    });
    for (const host of ['inside.example', 'both.example', 'mapped.example']) {
      const error = await ask(lookup, `https://${host}/`).catch((thrown: unknown) => thrown);
      expect(codeOf(error)).toBe('ADDRESS_REFUSED');
    }
  });

  it('gains nothing by answering otherwise the second time: each connection is checked itself', async () => {
    let asked = 0;
    const turning: LookupFunction = ((
      _host: string,
      _options: unknown,
      done: (error: null, found: { address: string; family: number }[]) => void,
    ) => {
      asked += 1;
      done(null, [{ address: asked === 1 ? '192.0.2.7' : '127.0.0.1', family: 4 }]);
    }) as unknown as LookupFunction;
    for (let nth = 0; nth < 2; nth += 1) {
      expect(codeOf(await ask(turning, 'https://turning.example/').catch((thrown: unknown) => thrown))).toBe('ADDRESS_REFUSED');
    }
    expect(asked).toBe(2);
  });
});
