export type DecimalSign = '.' | ',';

/**
 * "1.234,50" with its decimal sign as plain "1234.50"; null when it is not a plain figure in that notation. Scientific notation
 * (what a spreadsheet makes of a long number) is never read. Without a known sign only figures that can mean one thing pass:
 * "1.234" could be a thousand or a bit more than one.
 */
export function readFigure(text: string, decimal: DecimalSign | null): string | null {
  const trimmed = text.trim().replaceAll(/[\u00a0\u202f']/g, ' ');
  if (trimmed.length > 40) return null;
  if (/^[+-]?\d+$/.test(trimmed)) return plain(trimmed, '');
  if (decimal === null) {
    const sure = /^([+-]?\d+)[.,](\d{1,2}|\d{4,8})$/.exec(trimmed);
    return sure ? plain(sure[1] ?? '', sure[2] ?? '') : null;
  }
  const thousands = decimal === '.' ? ',' : '\\.';
  const shape = new RegExp(`^([+-]?(?:\\d+|\\d{1,3}(?:[ ${thousands}]\\d{3})+))(?:[${decimal}](\\d{1,8}))?$`);
  const match = shape.exec(trimmed);
  return match ? plain(match[1] ?? '', match[2] ?? '') : null;
}

function plain(whole: string, fraction: string): string {
  const sign = whole.startsWith('-') ? '-' : '';
  const digits = whole.replaceAll(/\D/g, '').replace(/^0+(?=\d)/, '');
  return `${sign}${digits}${fraction === '' ? '' : `.${fraction}`}`;
}
