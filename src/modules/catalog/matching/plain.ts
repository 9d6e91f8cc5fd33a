const letters: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', æ: 'ae', œ: 'oe', đ: 'd', ı: 'i' };

/** Small letters without marks on them. */
export const plainLetters = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[ßøłæœđı]/g, (letter) => letters[letter] ?? letter);

/** The same, with a point as the decimal comma, an x for every sign of multiplication between numbers, and inches by name. */
export const plain = (text: string): string =>
  plainLetters(text)
    .replaceAll(/(\d),(\d{1,3})(?!\d)/g, '$1.$2')
    .replaceAll(/(\d)\s*[x×х*]\s*(?=\d)/g, '$1x')
    .replaceAll(/(\d)\s*(?:''|"|″|”)/g, '$1 in ')
    .replaceAll(/\b100 ?%/g, ' ');

/** A code without anything that people put in or leave out: "CMK-100 " and "cmk100" are one. */
export const plainCode = (code: string | null): string =>
  plainLetters(code ?? '')
    .replaceAll(/[^\p{L}\d]/gu, '')
    .slice(0, 60);
