import { guessEncoding } from '#formats/text';

/** The byte order mark, then what the declaration says, then UTF-8 (XML 1.0, appendix F). */
export function xmlEncoding(head: Uint8Array): string {
  const guess = guessEncoding(head);
  if (guess.byteOrderMark || guess.encoding.startsWith('utf-16')) return guess.encoding;
  const start = new TextDecoder('latin1').decode(head.subarray(0, 300));
  const declared = /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.-]{0,39})["']/.exec(start)?.[1]?.toLowerCase();
  // Bytes that can be read this far are not UTF-16, whatever the declaration says.
  return declared === undefined || declared.startsWith('utf-16') || declared.startsWith('ucs-') ? 'utf-8' : declared;
}
