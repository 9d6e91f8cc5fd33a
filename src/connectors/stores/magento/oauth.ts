import { hmacOf } from '#kernel/signature';

/** What an integration is given, and a time and a word that are used once. */
export interface Credentials {
  consumerKey: string;
  consumerSecret: string;
  token: string;
  tokenSecret: string;
}

/** Percent-encoding as OAuth wants it: all but letters, digits and `-._~`. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * The `Authorization` header of OAuth 1.0a with HMAC-SHA256 (RFC 5849, section 3.4): over the method, the address without its query, and
 * all parameters of query and header in order. A body of JSON is not signed.
 */
export function signed(method: string, url: URL, keys: Credentials, at: { seconds: number; nonce: string }): string {
  const own: [string, string][] = [
    ['oauth_consumer_key', keys.consumerKey],
    ['oauth_nonce', at.nonce],
    ['oauth_signature_method', 'HMAC-SHA256'],
    ['oauth_timestamp', String(at.seconds)],
    ['oauth_token', keys.token],
    ['oauth_version', '1.0'],
  ];
  const all = [...url.searchParams, ...own].map(([name, value]): [string, string] => [encode(name), encode(value)]);
  all.sort(([name, value], [other, its]) => (name === other ? (value < its ? -1 : 1) : name < other ? -1 : 1));
  const base = [method.toUpperCase(), encode(`${url.origin}${url.pathname}`), encode(all.map((pair) => pair.join('=')).join('&'))].join(
    '&',
  );
  const signature = hmacOf('sha256', `${encode(keys.consumerSecret)}&${encode(keys.tokenSecret)}`, base, 'base64');
  const shown = [...own, ['oauth_signature', signature] as [string, string]].map(([name, value]) => `${name}="${encode(value)}"`);
  return `OAuth ${shown.join(', ')}`;
}
