/**
 * Takes out of text and values what must not stand in a log or a trace: secrets, e-mail addresses, people's names, streets and
 * telephone numbers. By the name of the field where there is one, by the shape of the text where there is none.
 */
export const masked = '[masked]';

/** Names of fields, without case, `_` and `-`. */
const secretNames = new Set(
  `password passwd pwd secret token accesstoken refreshtoken idtoken apikey apisecret clientsecret consumerkey consumersecret
   authorization proxyauthorization cookie setcookie signature hmac privatekey passphrase masterkey sealed xapikey
   xshopifyaccesstoken xauthtoken credential credentials session sessionid otp pin cvv cardnumber iban`
    .trim()
    .split(/\s+/),
);
const personalNames = new Set(
  `email emailaddress mail firstname lastname fullname customername shiptoname recipient recipientname contactname phone phonenumber
   telephone mobile fax street street1 street2 address address1 address2 addressline1 addressline2 line1 line2 postcode postalcode zip
   zipcode company birthday dateofbirth ip ipaddress remoteaddress browserip latitude longitude note notes buyernote`
    .trim()
    .split(/\s+/),
);

const plain = (name: string): string => name.toLowerCase().replaceAll(/[_\-\s]/g, '');

/** Whether what stands in a field of this name is never shown. */
export function isMaskedName(name: string): boolean {
  const short = plain(name);
  return secretNames.has(short) || personalNames.has(short) || /(password|secret|token|apikey)$/.test(short);
}

// Each is linear: no repetition inside a repetition.
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----/g, masked],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${masked}`],
  [/\b(eyJ[\w-]{8,}\.[\w-]+\.[\w-]+)/g, masked],
  [/\b(?:sk|pk|rk|shpat|shpca|shpss|whsec|ghp|xox[abp])_[\w-]{8,}/gi, masked],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:]*:[^\s/@]*@/gi, `$1${masked}@`],
  [/([?&;](?:[\w-]{0,40}(?:token|secret|password|key|signature|sig|hmac))=)[^\s&#;"']+/gi, `$1${masked}`],
  [
    /("(?:[\w-]{0,40}(?:token|secret|password|api_?key|authorization|email|phone|address\d?|first_?name|last_?name|postcode|zip))"\s*:\s*)"[^"]*"/gi,
    `$1"${masked}"`,
  ],
  [/[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+/gi, '[e-mail]'],
  [/(?<![\w-])\+\d[\d ()./-]{7,18}\d/g, '[phone]'],
];

const longestText = 8_192;

/** The same text with everything masked that looks like a secret, an e-mail address or a telephone number; cut at 8 kB. */
export function maskText(text: string): string {
  const short = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  return patterns.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), short);
}

const deepest = 8;
const mostItems = 100;

/** A copy of any value, fit for a log: fields masked by name, text by shape, depth and length limited, control characters left to JSON. */
export function mask(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (depth >= deepest) return '[deeper]';
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return maskError(value, depth);
  if (Array.isArray(value)) {
    const shown = value.slice(0, mostItems).map((item) => mask(item, depth + 1));
    return value.length > mostItems ? [...shown, `… ${value.length - mostItems} more`] : shown;
  }
  if (value instanceof URL) return maskText(value.href);
  // Instants, dates and the like say themselves how they are written.
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return mask(toJSON.call(value), depth + 1);
  if (value instanceof Map) return mask(Object.fromEntries(value), depth);
  if (value instanceof Set) return mask([...value], depth);
  const entries = Object.entries(value).slice(0, mostItems);
  return Object.fromEntries(entries.map(([name, part]) => [name, isMaskedName(name) && part != null ? masked : mask(part, depth + 1)]));
}

function maskError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const own = Object.entries(error).filter(([key]) => !['name', 'message', 'stack', 'cause'].includes(key));
  return {
    name,
    message: maskText(message),
    ...(stack === undefined ? {} : { stack: maskText(stack) }),
    ...(mask(Object.fromEntries(own), depth + 1) as Record<string, unknown>),
    ...(cause === undefined ? {} : { cause: mask(cause, depth + 1) }),
  };
}
