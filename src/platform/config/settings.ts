/** One row per variable: what it is for, what it is when it is not set, and how its text becomes a value. */
export interface Setting<T> {
  name: string;
  about: string;
  /** As the docs show it when nothing is set. */
  otherwise: string;
  secret?: boolean;
  read(text: string | undefined): T;
}

/** What is wrong with a value, in half a sentence that can follow the variable's name. */
export class NotASetting extends Error {}

const wrong = (why: string): never => {
  throw new NotASetting(why);
};

const text = (fallback: string) => (given: string | undefined) => given ?? fallback;
const optional = (given: string | undefined) => given;

const whole = (fallback: number, least: number, most: number) => (given: string | undefined) => {
  if (given === undefined) return fallback;
  const number = Number(given);
  return /^\d+$/.test(given) && number >= least && number <= most
    ? number
    : wrong(`must be a whole number from ${least} to ${most}, and is "${given}"`);
};

const oneOf =
  <const T extends string>(fallback: T | undefined, ...among: readonly T[]) =>
  (given: string | undefined): T | undefined => {
    if (given === undefined) return fallback;
    return among.find((each) => each === given) ?? wrong(`must be one of ${among.join(', ')}, and is "${given}"`);
  };

const flag = (fallback: boolean) => (given: string | undefined) =>
  given === undefined
    ? fallback
    : given === 'true' || given === '1'
      ? true
      : given === 'false' || given === '0'
        ? false
        : wrong(`must be true or false, and is "${given}"`);

/** An address with one of these schemes; what it says is not repeated in the error, as it may hold a password. */
const address = (schemes: readonly string[], example: string) => (given: string | undefined) => {
  if (given === undefined) return undefined;
  return schemes.some((scheme) => given.startsWith(`${scheme}://`)) && (URL.canParse(given) || schemes.includes('postgres'))
    ? given
    : wrong(`must be an address such as ${example}`);
};

const publicUrl = (given: string | undefined) => {
  const url = given === undefined ? null : URL.parse(given);
  if (given === undefined) return undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '')
    return wrong('must be an address such as https://shop.example');
  return url.href.replace(/\/+$/, '');
};

const list = (given: string | undefined): string[] => (given ?? '').split(/[\s,]+/).filter((part) => part !== '');

/** The whole table; the docs' page is made from it. */
export const settings = {
  databaseUrl: {
    name: 'DATABASE_URL',
    about: 'PostgreSQL 15 or later. Without it the program starts one of its own in the data folder.',
    otherwise: 'own PostgreSQL',
    secret: true,
    read: address(['postgres', 'postgresql'], 'postgres://user:password@host:5432/stockless'),
  },
  port: {
    name: 'STOCKLESS_PORT',
    about: 'Port the program listens on.',
    otherwise: '4100, or the next free one',
    read: whole(4100, 0, 65_535),
  },
  host: {
    name: 'STOCKLESS_HOST',
    about: 'Address it listens on; 0.0.0.0 for every one, as in a container.',
    otherwise: '127.0.0.1',
    read: text('127.0.0.1'),
  },
  data: {
    name: 'STOCKLESS_DATA',
    about: 'Folder for the master key, feeds that wait, the folders of partners and the own PostgreSQL.',
    otherwise: '.stockless',
    read: text('.stockless'),
  },
  key: {
    name: 'STOCKLESS_KEY',
    about: 'Master keys that seal secrets, the newest first. Without it they are kept in the data folder.',
    otherwise: 'a file in the data folder',
    secret: true,
    read: optional,
  },
  publicUrl: {
    name: 'STOCKLESS_PUBLIC_URL',
    about: 'Where customers, suppliers and stores reach the program; links in mails begin with it.',
    otherwise: 'http://localhost:<port>',
    read: publicUrl,
  },
  smtpUrl: {
    name: 'SMTP_URL',
    about: 'Mail server for what is sent: smtp://user:password@host:587, or smtps:// for TLS from the start.',
    otherwise: 'no mail is sent; what would have been waits',
    secret: true,
    read: address(['smtp', 'smtps'], 'smtp://user:password@mail.example:587'),
  },
  mailFrom: { name: 'STOCKLESS_MAIL_FROM', about: 'Sender of mails, for tenants that named none.', otherwise: 'none', read: optional },
  imapUrl: {
    name: 'IMAP_URL',
    about: 'Mailbox for answers of suppliers and customers: imaps://user:password@host.',
    otherwise: 'no mail is read',
    secret: true,
    read: address(['imap', 'imaps'], 'imaps://user:password@mail.example'),
  },
  carrierUrl: {
    name: 'STOCKLESS_CARRIER_URL',
    about: 'Address of the tracking service that is asked where parcels are, in our REST shape.',
    otherwise: 'parcels are not followed',
    read: address(['https', 'http'], 'https://tracking.example'),
  },
  carrierToken: {
    name: 'STOCKLESS_CARRIER_TOKEN',
    about: 'Bearer token for the tracking service.',
    otherwise: 'none',
    secret: true,
    read: optional,
  },
  logLevel: {
    name: 'STOCKLESS_LOG',
    about: 'Least weight of a line that is logged: debug, info, warn, error or silent.',
    otherwise: 'info',
    read: oneOf('info', 'debug', 'info', 'warn', 'error', 'silent'),
  },
  logForm: {
    name: 'STOCKLESS_LOG_FORM',
    about: 'json or pretty.',
    otherwise: 'pretty on a terminal, json elsewhere',
    read: oneOf(undefined, 'json', 'pretty'),
  },
  workers: { name: 'STOCKLESS_WORKERS', about: 'Steps that run at the same time in one process.', otherwise: '4', read: whole(4, 1, 64) },
  connections: { name: 'STOCKLESS_CONNECTIONS', about: 'Database connections of one process.', otherwise: '10', read: whole(10, 2, 200) },
  allowHosts: {
    name: 'STOCKLESS_ALLOW_HOSTS',
    about: 'Hosts, host:port or networks that may be called although they are private or without TLS: erp.internal:8080 10.20.0.0/16.',
    otherwise: 'none',
    read: list,
  },
  trustedProxies: {
    name: 'STOCKLESS_TRUSTED_PROXIES',
    about: 'Addresses or networks of proxies whose word on the client address is taken.',
    otherwise: 'none',
    read: list,
  },
  sealed: {
    name: 'STOCKLESS_SEALED',
    about: 'true: nothing leaves, no call, no mail, no file. For copies of a live database.',
    otherwise: 'false',
    read: flag(false),
  },
  metricsToken: {
    name: 'STOCKLESS_METRICS_TOKEN',
    about: 'Bearer token that opens /metrics; without it only this machine may read it.',
    otherwise: 'none',
    secret: true,
    read: optional,
  },
  stopSeconds: {
    name: 'STOCKLESS_STOP_SECONDS',
    about: 'How long running work may take to end when the program is asked to stop.',
    otherwise: '10',
    read: whole(10, 1, 600),
  },
} as const satisfies Record<string, Setting<unknown>>;
