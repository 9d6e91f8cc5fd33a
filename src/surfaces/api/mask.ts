/** What a person without the right to work with arrivals sees of them: that something stands there, not what. Pure. */

const email = /([A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{0,63}@([A-Za-z0-9.-]{1,253})/g;
const longNumber = /\+?\d[\d ()/.-]{6,20}\d/g;
const personal = /("(?:name|first_name|last_name|company|line1|line2|address\d?|street|phone|note)"\s*:\s*")((?:[^"\\]|\\.){1,500})(")/gi;

export const maskBody = (text: string): string =>
  text
    .replaceAll(personal, (_all, before: string, value: string, end: string) => `${before}${value.slice(0, 1)}…${end}`)
    .replaceAll(email, (_all, first: string, host: string) => `${first}…@${host}`)
    .replaceAll(longNumber, (digits) => (/^\d{4}-\d\d-\d\d/.test(digits) ? digits : `…${digits.slice(-2)}`));

const secretHeader = /^(authorization|cookie|.*signature.*|.*token.*|.*hmac.*|.*secret.*)$/i;

/** A signature or key is nobody's to read, whatever right they have. */
export const maskHeaders = (headers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, secretHeader.test(name) ? '…' : String(value)]));

const tooManyStrange = 0.02;

/** The body as text when it is text: UTF-8 with hardly a letter that no text has. */
export function asText(bytes: Uint8Array): { text: string; isText: boolean } {
  const text = new TextDecoder('utf-8').decode(bytes);
  let strange = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    if (code === 0xfffd || (code < 32 && code !== 9 && code !== 10 && code !== 13)) strange += 1;
  }
  const isText = strange <= text.length * tooManyStrange;
  return { text: isText ? text.replaceAll('\0', '') : Buffer.from(bytes.subarray(0, 4_096)).toString('base64'), isText };
}
