/** Text in the letters of the standard PDF fonts (Windows-1252), and what became of the rest. */
export interface LatinText {
  text: string;
  /** Some letters were put into Latin ones: "Łódź" as "Lódz", "Київ" as "Kiyiv". */
  changed: boolean;
  /** Some letters have no Latin form here and stand as [?]. */
  lost: boolean;
}

/** Windows-1252 beyond Latin-1. */
const winAnsi = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');

const singles: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ħ: 'h',
  Ħ: 'H',
  ı: 'i',
  ŋ: 'n',
  Ŋ: 'N',
  ŧ: 't',
  Ŧ: 'T',
  ĸ: 'k',
  ſ: 's',
  ẞ: 'SS',
  ʼ: "'",
  '′': "'",
  '″': '"',
  '−': '-',
  '‐': '-',
  '‑': '-',
  '―': '—',
  '№': 'No.',
  '₴': 'UAH',
  '₽': 'RUB',
  '₸': 'KZT',
  '₹': 'INR',
  '₺': 'TRY',
  '₩': 'KRW',
  '₪': 'ILS',
};

const cyrillic =
  'а a б b в v г g ґ g д d е e ё yo є ye ж zh з z и i і i ї yi й y к k л l м m н n о o п p р r с s т t у u ў u ф f х kh ц ts ч ch ш sh щ shch ъ - ы y ь - э e ю yu я ya ђ dj ј j љ lj њ nj ћ c џ dz';
const greek = 'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o';

const letters = new Map<string, string>();
for (const table of [cyrillic, greek]) {
  const parts = table.split(' ');
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const letter = parts[at] ?? '';
    const spelled = parts[at + 1] === '-' ? '' : (parts[at + 1] ?? '');
    letters.set(letter, spelled);
    letters.set(letter.toUpperCase(), spelled.charAt(0).toUpperCase() + spelled.slice(1));
  }
}

/** Spells what the fonts lack, letter by letter; a run of letters of an unknown script becomes one [?], never nothing. */
export function latin(given: string): LatinText {
  let text = '';
  let changed = false;
  let lost = false;
  for (const letter of given.normalize('NFC')) {
    const known = spelled(letter);
    if (known === null) {
      if (!text.endsWith('[?]')) text += '[?]';
      lost = true;
      continue;
    }
    changed ||= known !== letter;
    text += known;
  }
  return { text, changed, lost };
}

function spelled(letter: string): string | null {
  const code = letter.codePointAt(0) ?? 0;
  if ((code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) || winAnsi.has(letter)) return letter;
  // Line breaks and other control characters do not belong into a cell.
  if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029) return ' ';
  if (code === 0x200b || code === 0xfeff || (code >= 0x0300 && code <= 0x036f)) return '';
  const direct = Object.hasOwn(singles, letter) ? singles[letter] : letters.get(letter);
  if (direct !== undefined) return direct;
  const plain = letter.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  if (plain === letter || plain === '') return null;
  const parts = [...plain].map(spelled);
  return parts.includes(null) ? null : parts.join('');
}
