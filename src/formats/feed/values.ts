import { readFigure, type DecimalSign } from '#formats/csv';
import { minorDigits } from '#kernel/money';
import { mostUnits } from '#kernel/quantity';

/** A cell's worth, or why it has none. */
export type Worth<T> = { ok: true; value: T } | { ok: false; why: string };
const worth = <T>(value: T): Worth<T> => ({ ok: true, value });
const without = (why: string): Worth<never> => ({ ok: false, why });
const tooLong = without('It is too long to be one');

/** Signs that mean one currency. `$`, `kr` and `¥` mean several: they only fit, and never decide. */
const sure: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  us$: 'USD',
  ca$: 'CAD',
  c$: 'CAD',
  a$: 'AUD',
  au$: 'AUD',
  nz$: 'NZD',
  hk$: 'HKD',
  r$: 'BRL',
  zł: 'PLN',
  zl: 'PLN',
  kč: 'CZK',
  ft: 'HUF',
  lei: 'RON',
  лв: 'BGN',
  '₽': 'RUB',
  руб: 'RUB',
  р: 'RUB',
  rur: 'RUB',
  '₴': 'UAH',
  грн: 'UAH',
  '₸': 'KZT',
  тг: 'KZT',
  '₺': 'TRY',
  '₹': 'INR',
  '₩': 'KRW',
  '₪': 'ILS',
  fr: 'CHF',
  sfr: 'CHF',
  euro: 'EUR',
  円: 'JPY',
};
const several: Readonly<Record<string, readonly string[]>> = {
  $: ['USD', 'CAD', 'AUD', 'NZD', 'HKD', 'SGD', 'MXN', 'CLP', 'COP', 'ARS', 'TWD'],
  kr: ['SEK', 'NOK', 'DKK', 'ISK'],
  '¥': ['JPY', 'CNY'],
};

/** Own members only: a cell may well say "constructor". */
const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | null => (Object.hasOwn(table, key) ? (table[key] ?? null) : null);

const isoCurrencies = new Set(Intl.supportedValuesOf('currency'));
for (const gone of ['XXX', 'XTS']) isoCurrencies.delete(gone);

/** No figure or word that is read here is longer; a longer cell is text, and patterns are not to walk it. */
const longest = 60;

/** "EUR", "eur", "€", "RUR": the code; null when it is none, or could be several. */
export function readCurrency(text: string): string | null {
  if (text.length > longest) return null;
  const bare = text.trim().replace(/\.$/, '');
  const code = bare.toUpperCase();
  if (code === 'RUR') return 'RUB';
  if (isoCurrencies.has(code)) return code;
  return lookUp(sure, bare.toLowerCase());
}

/** The figure of a price cell, and the currency that stands with it. */
export interface PriceText {
  figure: string;
  currency: string | null;
  /** What the sign beside it may mean, when it may mean several. */
  oneOf: readonly string[] | null;
}

/** "1.234,50 €", "EUR 12.50", "599 CZK", "$ 5": figure and sign apart; null when there is more in the cell than that. */
export function priceParts(text: string): PriceText | null {
  if (text.length > longest) return null;
  const match = /^([^\d+.,-]{0,6}?)\s*([+-]?[\d.,\u00a0\u202f' ]*\d)(?:,-|,--|\.-)?\s*([^\d]{0,6})$/u.exec(text.trim());
  if (!match) return null;
  const signs = [match[1], match[3]].map((sign) => (sign ?? '').trim()).filter((sign) => sign !== '');
  if (signs.length > 1) return null;
  const figure = (match[2] ?? '').trim();
  const sign = signs[0];
  if (sign === undefined) return { figure, currency: null, oneOf: null };
  const currency = readCurrency(sign);
  if (currency !== null) return { figure, currency, oneOf: null };
  const oneOf = lookUp(several, sign.toLowerCase().replace(/\.$/, ''));
  return oneOf ? { figure, currency: null, oneOf } : null;
}

/** Minor units of a figure in the given notation. Too fine a price is refused, or rounded half away from zero. */
export function minorOf(figure: string, decimal: DecimalSign | null, currency: string, finePrices: 'refuse' | 'round'): Worth<bigint> {
  const plain = readFigure(figure, decimal) ?? readFine(figure, decimal);
  if (plain === null) return without(decimal === null ? 'It cannot be told whether . or , is the decimal sign' : 'It is not a price');
  if (plain.startsWith('-')) return without('A price below zero is not taken');
  const digits = minorDigits(currency);
  const [whole = '0', fraction = ''] = plain.split('.');
  if (whole.length > 13) return without('The price is too large to be one');
  const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  const beyond = fraction.slice(digits);
  if (!/[1-9]/.test(beyond)) return worth(minor);
  if (finePrices === 'round') return worth((beyond[0] ?? '0') >= '5' ? minor + 1n : minor);
  return without(
    `The price is finer than ${currency} allows (${digits} digits after the decimal sign); let the mapping round it if that is meant`,
  );
}

/** More digits than a figure should have, as programs write a share of a tax: "130.0504201680672". */
function readFine(figure: string, decimal: DecimalSign | null): string | null {
  const match = /^(\d{1,13})([.,])(\d{9,20})$/.exec(figure.trim());
  if (!match || (decimal !== null && match[2] !== decimal)) return null;
  return `${(match[1] ?? '').replace(/^0+(?=\d)/, '')}.${match[3]}`;
}

const noneWords =
  /^(?:out[ _-]?of[ _-]?stock|outofstock|sold[ _-]?out|not[ _-]?available|unavailable|none|no|n|false|discontinued|eol|ausverkauft|nicht (?:auf lager|verfügbar|lieferbar)|nein|nicht lagernd|rupture(?: de stock)?|épuisé|indisponible|non|agotado|sin stock|no disponible|esaurito|non disponibile|brak|niedostępny|niedostepny|nie|není skladem|neni skladem|vyprodáno|vyprodano|nedostupné|нет(?: в наличии)?|відсутній|немає(?: в наявності)?|niet op voorraad|uitverkocht|nee|slutsåld|slut|udsolgt|utsolgt|ikke på lager|loppu|nincs(?: raktáron)?|stoc epuizat|tükendi|yok|在庫なし|esgotado)$/iu;
const someWords =
  /^(?:in[ _-]?stock|instock|available|yes|y|true|limited(?: stock| availability)?|low(?: stock)?|auf lager|verfügbar|lieferbar|lagernd|sofort lieferbar|ja|en stock|disponible|oui|hay stock|disponibile|sì|si|sí|dostępny|dostepny|tak|na stanie|skladem|na skladě|ano|áno|в наличии|есть|да|в наявності|є|так|op voorraad|leverbaar|i lager|på lager|finns|varastossa|raktáron|van|în stoc|in stoc|stokta|var|在庫あり|em estoque|disponível)$/iu;
const laterWords =
  /^(?:pre[ _-]?order|back[ _-]?order|on[ _-]?order|auf bestellung|vorbestellbar|sur commande|bajo pedido|su ordinazione|na zamówienie|na objednávku|под заказ|на заказ|під замовлення|op bestelling|beställningsvara)$/iu;

export interface Stock {
  quantity: number | null;
  available: boolean | null;
}

/** "12", "12.00", "10+", ">10", "5-10", "< 5", "in stock": what is surely there. Below zero is oversold, hence none. */
export function readStock(text: string, decimal: DecimalSign | null = null): Worth<Stock> {
  if (text.length > longest) return tooLong;
  const bare = text
    .trim()
    .replace(/\s*(?:pcs?|pieces?|units?|stk|stück|st|szt|ks|шт|db|kpl|buc|uds?|pz)\.?$/iu, '')
    .trim();
  if (/^\d{1,7}(?:[.,]0{1,4})?$/.test(bare)) return units(bare.replace(/[.,].*$/, ''));
  if (/^\d{1,3}(?:[,. \u00a0]\d{3})+$/.test(bare)) {
    const figure = readFigure(bare, decimal);
    return figure !== null && /^\d+$/.test(figure) ? units(figure) : without('It cannot be told whether this is thousands or a fraction');
  }
  if (/^-\d{1,7}(?:[.,]0{1,4})?$/.test(bare)) return worth({ quantity: 0, available: false });
  const atLeast = /^(\d{1,7})\s*\+$|^(?:≥|>=|ab|from|min\.?|at least|mind\.?)\s*(\d{1,7})$/iu.exec(bare);
  if (atLeast) return units(atLeast[1] ?? atLeast[2] ?? '');
  const above = /^(?:>|over|more than|über|mehr als|plus de|więcej niż|более|больше|>\s?)\s*(\d{1,7})$/iu.exec(bare);
  if (above) return units(String(Number(above[1]) + 1));
  const range = /^(\d{1,7})\s*(?:-|–|to|bis|à)\s*(\d{1,7})$/iu.exec(bare);
  if (range && Number(range[1]) <= Number(range[2])) return units(range[1] ?? '');
  if (/^(?:<|≤|<=|less than|unter|weniger als|under|moins de)\s*\d{1,7}$/iu.test(bare)) return worth({ quantity: null, available: null });
  return readAvailability(bare);
}

function units(digits: string): Worth<Stock> {
  const quantity = Number(digits);
  if (quantity > mostUnits) return without(`More than ${mostUnits} units are not taken for true`);
  return worth({ quantity, available: quantity > 0 });
}

/** "in_stock", "ja", "нет": whether there is any. To be ordered first means that there is none now. */
export function readAvailability(text: string): Worth<Stock> {
  if (text.length > longest) return tooLong;
  const bare = text.trim().replace(/^https?:\/\/schema\.org\//i, '');
  if (someWords.test(bare) || bare === '1') return worth({ quantity: null, available: true });
  if (noneWords.test(bare) || laterWords.test(bare) || bare === '0') return worth({ quantity: 0, available: false });
  return without('It is neither a number of units nor a known word for having or not having them');
}

/** "3", "3 days", "2-4 Tage", "1 week", "48h": the longest it takes, in days; working days are taken as they are. */
export function readLeadDays(text: string): Worth<number> {
  if (text.length > longest) return tooLong;
  const match =
    /^(?:\d{1,4}\s*(?:-|–|to|bis|à)\s*)?(\d{1,4})\s*(days?|d|tage?n?|jours?|j|d[ií]as?|giorni|gg|dni|dn[íi]|дн(?:ей|я|і|ів)?|день|dagen|dagar|dage|p[äa]iv[äa]{1,2}|nap|zile|g[üu]n|(?:working|business|werk)[ -]?(?:days|tage)|weeks?|wochen?|semaines?|semanas?|settimane|tyg\.?|t[ýy]dn[ůy]|недел[ьияю]|weken|veckor|uger|uker|hours?|hrs?|h|std\.?|stunden)?\.?$/iu.exec(
      text.trim(),
    );
  if (!match) return without('It is not a number of days');
  const count = Number(match[1]);
  const unit = (match[2] ?? '').toLowerCase();
  const days =
    /^(?:w|semai|seman|sett|tyg|t[ýy]d|недел|veck|uge|uke)/u.test(unit) && !unit.startsWith('working') && !unit.startsWith('werk')
      ? count * 7
      : /^(?:h|std|stu)/.test(unit)
        ? Math.ceil(count / 24)
        : count;
  return days > 365 ? without('More than a year is not taken for a lead time') : worth(days);
}

const gramsPer: Readonly<Record<string, number>> = {
  g: 1,
  gr: 1,
  gram: 1,
  grams: 1,
  г: 1,
  kg: 1000,
  kgs: 1000,
  кг: 1000,
  lb: 453.59237,
  lbs: 453.59237,
  oz: 28.349523125,
  mg: 0.001,
};

/** Whole grams, rounded up, so that a parcel is never thought lighter than it is. A bare figure needs a unit. */
export function readWeight(text: string, unit: string | null, decimal: DecimalSign | null): Worth<number> {
  if (text.length > longest) return tooLong;
  const match = /^([\d.,]+)\s*(\p{L}{0,5})\.?$/u.exec(text.trim());
  if (!match) return without('It is not a weight');
  const said = (match[2] ?? '').toLowerCase() || unit;
  if (said === null) return without('The unit of the weight is not known');
  const factor = lookUp(gramsPer, said);
  if (factor === null) return without('The unit of the weight is not known here');
  const figure = match[1] ?? '';
  // A weight in kg often has three digits after its sign, which a price never has.
  const plain = readFigure(figure, decimal) ?? (/^\d{1,6}[.,]\d{1,8}$/.test(figure) && decimal === null ? figure.replace(',', '.') : null);
  if (plain === null) return without('It is not a weight');
  const grams = Math.ceil(Math.round(Number(plain) * factor * 1000) / 1000);
  return grams > 10_000_000 ? without('More than ten tonnes are not taken for true') : worth(grams);
}

/** "12", "12 pcs", "1x12", "Case of 12". */
export function readPackSize(text: string): Worth<number> {
  if (text.length > longest) return tooLong;
  const match =
    /^(?:(?:1\s*[x×*]\s*)|(?:case|pack|box|karton|ve)(?: of|:)?\s*)?(\d{1,5})(?:[.,]0+)?\s*(?:pcs?|pieces?|units?|stk|stück|st|szt|ks|шт|er|x|\/\s*(?:case|pack|box))?\.?$/iu.exec(
      text.trim(),
    );
  const size = match ? Number(match[1]) : 0;
  return size >= 1 && size <= 10_000 ? worth(size) : without('It is not a number of units per pack');
}
