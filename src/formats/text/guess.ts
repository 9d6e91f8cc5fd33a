/** What a file's first bytes look like. `confidence` runs from 0 to 1; below 0.8 a person should look at a preview first. */
export interface EncodingGuess {
  encoding: string;
  confidence: number;
  byteOrderMark: boolean;
}

const sampleBytes = 64 * 1024;

/** Looks at up to 64 kB: byte order mark, zero bytes of UTF-16, valid UTF-8, then the letters of the usual single-byte encodings. */
export function guessEncoding(bytes: Uint8Array): EncodingGuess {
  const sample = bytes.subarray(0, sampleBytes);
  const marked = fromMark(sample);
  if (marked) return { encoding: marked, confidence: 1, byteOrderMark: true };
  const wide = fromZeroBytes(sample);
  if (wide) return { encoding: wide, confidence: 0.9, byteOrderMark: false };
  if (isUtf8(sample)) return { encoding: 'utf-8', confidence: sample.some((byte) => byte >= 0x80) ? 0.99 : 0.95, byteOrderMark: false };
  return fromLetters(sample);
}

function fromMark(sample: Uint8Array): string | null {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return 'utf-8';
  if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
  if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  return null;
}

/** Delimiters, digits and line ends of a UTF-16 file have a zero byte on one side. */
function fromZeroBytes(sample: Uint8Array): string | null {
  let even = 0;
  let odd = 0;
  for (let at = 0; at + 1 < sample.length; at += 2) {
    if (sample[at] === 0) even += 1;
    if (sample[at + 1] === 0) odd += 1;
  }
  const pairs = sample.length >> 1;
  if (pairs < 2) return null;
  if (odd > pairs * 0.2 && even < odd / 10) return 'utf-16le';
  if (even > pairs * 0.2 && odd < even / 10) return 'utf-16be';
  return null;
}

function isUtf8(sample: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Letters that are common in the languages each encoding was made for; everything else above ASCII speaks against it. */
const typical: readonly { encoding: string; letters: string }[] = [
  { encoding: 'windows-1252', letters: 'äöüßÄÖÜéèêëàâáãçñóòôõíìîïúùûåæøœÅÆØÉÈÀÇÑ€–—“”„’®©°™½²³' },
  { encoding: 'windows-1250', letters: 'ěščřžýáíéůúďťňóĚŠČŘŽÝÁÍÉŮÚąęłńśźżćĄĘŁŃŚŹŻĆőűŐŰăâîșțşţđöü€–—„”°' },
  { encoding: 'windows-1251', letters: 'абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў№' },
  { encoding: 'koi8-r', letters: 'абвгдежзийклмнопрстуфхцчшщъыьэюяё' },
];

function fromLetters(sample: Uint8Array): EncodingGuess {
  const scores = typical.map(({ encoding, letters }) => ({
    encoding,
    score: letterScore(new TextDecoder(encoding).decode(sample), letters),
  }));
  scores.sort((one, other) => other.score - one.score);
  const [best, second] = scores;
  const lead = (best?.score ?? 0) - (second?.score ?? 0);
  return { encoding: best?.encoding ?? 'windows-1252', confidence: Math.max(0.3, Math.min(0.9, 0.5 + lead)), byteOrderMark: false };
}

/**
 * The share of non-ASCII characters that are typical, in whole words: Cyrillic letters stand beside each other, accented Latin
 * ones beside plain ones. That tells "Стекло" in one encoding from the accents it would be in another.
 */
function letterScore(text: string, letters: string): number {
  const isCyrillic = letters.startsWith('а');
  let seen = 0;
  let score = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) < 0x80) continue;
    seen += 1;
    const letter = text[at] ?? '';
    const before = text.charCodeAt(at - 1);
    if (!letters.includes(letter)) score -= letters.includes(letter.toLowerCase()) ? 0 : 0.5;
    else if (isCyrillic === before >= 0x80) score += 1;
    else score += 0.5;
  }
  return seen === 0 ? 0 : score / seen;
}
