import { expect, it } from 'vitest';
import { describeSettings, readConfig } from './config.ts';

it('needs nothing at all', () => {
  expect(readConfig({})).toMatchObject({
    databaseUrl: undefined,
    port: 4100,
    host: '127.0.0.1',
    data: '.stockless',
    allowHosts: [],
    sealed: false,
    unknown: [],
  });
});

it('reads what is set, and takes an empty variable for none', () => {
  const env = {
    DATABASE_URL: 'postgres://me@/shop?host=/run/postgresql',
    STOCKLESS_PORT: '8080',
    STOCKLESS_PUBLIC_URL: 'https://shop.example/',
    STOCKLESS_ALLOW_HOSTS: 'a:1, b',
    STOCKLESS_SEALED: 'true',
    SMTP_URL: ' ',
  };
  expect(readConfig(env)).toMatchObject({
    databaseUrl: env.DATABASE_URL,
    port: 8080,
    publicUrl: 'https://shop.example',
    allowHosts: ['a:1', 'b'],
    sealed: true,
    smtpUrl: undefined,
  });
});

it('names everything that is wrong at once, and repeats no secret', () => {
  const read = () => readConfig({ STOCKLESS_PORT: '80 80', SMTP_URL: 'user:hunter2@host', STOCKLESS_LOG: 'loud', STOCKLESS_SEALED: 'ja' });
  expect(read).toThrow(
    /STOCKLESS_PORT must be a whole number from 0 to 65535, and is "80 80"[^]*SMTP_URL must be an address such as[^]*STOCKLESS_LOG must be one of[^]*STOCKLESS_SEALED/,
  );
  expect(read).not.toThrow(/hunter2/);
});

it('reports variables that look like ours and are none', () => {
  expect(readConfig({ STOCKLESS_PROT: '1', STOCKLESS_COLOUR_OF_SKY: 'x', OTHER: 'y' }).unknown).toEqual([
    'STOCKLESS_COLOUR_OF_SKY is no setting.',
    'STOCKLESS_PROT is no setting. Was STOCKLESS_PORT meant?',
  ]);
});

it('has a row in the docs for every variable', () => {
  expect(describeSettings()).toMatch(/\| `STOCKLESS_PORT` \| Port the program listens on\. \| 4100, or the next free one \|/);
});
