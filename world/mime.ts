/** A mail as bytes (RFC 5322 and 2045), as a person's mail program would send it. */
export interface Letter {
  id: string;
  from: { name: string; address: string };
  to: string;
  at: number;
  subject: string;
  inReplyTo?: string;
  /** Set by machines that answer by themselves (RFC 3834). */
  auto?: boolean;
  text: string;
  attachment?: { name: string; type: string; text: string };
}

export function writeLetter(letter: Letter): Uint8Array {
  const boundary = `=_${letter.id.replaceAll(/[^a-zA-Z0-9]/g, '').slice(0, 24)}`;
  const head = [
    `From: ${word(letter.from.name)} <${letter.from.address}>`,
    `To: <${letter.to}>`,
    `Subject: ${word(letter.subject)}`,
    `Date: ${mailDate(letter.at)}`,
    `Message-ID: <${letter.id}>`,
    ...(letter.inReplyTo === undefined ? [] : [`In-Reply-To: <${letter.inReplyTo}>`, `References: <${letter.inReplyTo}>`]),
    ...(letter.auto === true ? ['Auto-Submitted: auto-replied'] : []),
    'MIME-Version: 1.0',
  ];
  const text = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: base64', '', folded(letter.text)];
  if (letter.attachment === undefined) return bytes([...head, ...text, '']);
  const { name, type, text: inside } = letter.attachment;
  return bytes([
    ...head,
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    ...text,
    `--${boundary}`,
    `Content-Type: ${type}; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    folded(inside),
    `--${boundary}--`,
    '',
  ]);
}

const bytes = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(lines.join('\r\n'));
const folded = (text: string): string =>
  (
    Buffer.from(text, 'utf8')
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');
const word = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text.replaceAll(/[<>"]/g, '') : `=?utf-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`;
const mailDate = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000');
