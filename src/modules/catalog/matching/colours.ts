import { plainLetters } from './plain.ts';

/** Colours and sizes in the languages that suppliers write, by one name each. */
const colours: Readonly<Record<string, string>> = {
  black: 'schwarz noir noire negro negra nero nera preto zwart czarny czarna cerna cerny чорний черный черная черное черные',
  white: 'weiss weiß blanc blanche blanco blanca bianco bianca branco wit bialy biala bila bily белый белая белое белые білий',
  grey: 'gray grau gris grigio cinza grijs szary seda sedy серый серая серое сірий anthracite anthrazit graphite graphit',
  red: 'rot rouge rojo roja rosso rossa vermelho rood czerwony cervena cerveny красный красная красное червоний',
  blue: 'blau bleu bleue azul blu blauw niebieski modra modry синий синяя синее синій navy',
  green: 'grun gruen vert verte verde groen zielony zelena zeleny зеленый зеленая зелений',
  yellow: 'gelb jaune amarillo amarilla giallo amarelo geel zolty zluta zluty желтый желтая жовтий',
  orange: 'naranja arancione laranja oranje pomaranczowy oranzova oranzovy оранжевый оранжевая',
  brown: 'braun brun marron marrone marrom bruin brazowy hneda hnedy коричневый коричневая',
  pink: 'rosa rose roze rozowy ruzova ruzovy розовый розовая',
  purple: 'violet violett lila morado viola roxo paars fioletowy fialova fialovy фиолетовый фиолетовая',
  magenta: 'пурпурный пурпурная малиновый малиновая purpurova purpurovy',
  cyan: 'голубой голубая azurova azurovy',
  beige: 'creme cream ivory elfenbein бежевый бежевая',
  gold: 'golden dorado doré dore oro goud zloty zlata zlaty золотой золотая золотистый',
  silver: 'silber argent plateado plata argento prata zilver srebrny stribrna stribrny серебристый серебристая серебряный',
  turquoise: 'turkis tuerkis teal aqua бирюзовый бирюзовая tyrkysova tyrkysovy',
  sunburst: 'burst',
  cherry: 'cerise kirsche',
  natural: 'natur nature naturel',
};

const sizes: Readonly<Record<string, string>> = {
  xxs: '2xs',
  xs: 'xsmall x-small',
  s: 'small klein petit pequeno piccolo',
  m: 'medium mittel moyen mediano',
  l: 'large gross groß grand grande',
  xl: 'xlarge x-large',
  xxl: '2xl',
  xxxl: '3xl',
  '4xl': 'xxxxl',
};

const byWord = (table: Readonly<Record<string, string>>): Map<string, string> =>
  new Map(Object.entries(table).flatMap(([name, words]) => [name, ...words.split(' ')].map((word) => [plainLetters(word), name] as const)));

const colourOf = byWord(colours);
const sizeOf = byWord(sizes);

export const colourNamed = (word: string): string | undefined => colourOf.get(word);
/** Single letters are sizes only where the caller knows that they stand for one. */
export const sizeNamed = (word: string): string | undefined => sizeOf.get(word);
