import type { SupplierSetup } from './words.ts';

/** How a supplier is and behaves. Hours are of the clock; probabilities are per purchase order unless said otherwise. */
export interface Character {
  code: string;
  name: string;
  character: string;
  state: SupplierSetup['state'];
  country: string;
  currency: 'USD' | 'EUR';
  zone: string;
  city: string;
  transport: 'rest' | 'file' | 'email';
  /** E-mail: opens the link, or answers with a file attached. */
  answersBy: 'link' | 'reply';
  shipsTo: string[];
  ranges: string[];
  /** Share of the products of its ranges that it stocks. */
  breadth: number;
  priceLevel: number;
  skuShape: string;
  contract: { handlingDays: number; ackHours: number; shipHours: number; orderFee: number; rank: number };
  transitDays: Record<string, number>;
  shippingCost: Record<string, number>;
  /** What they do, beside what they signed. */
  ackHours: readonly [number, number];
  packHours: readonly [number, number];
  silent: number;
  rejects: number;
  shorts: number;
  backorders: number;
  splits: number;
  twice: number;
  /** Their list says this many times what is on the shelf. */
  boasts: number;
  /** Knows a purchase order number again; otherwise the second one is a second order. */
  dedupes: boolean;
  /** Takes the order and does not answer the request. */
  loses: number;
  /** Until a look-up shows a new order, in seconds. */
  lagSeconds: readonly [number, number];
  /** Answers days too late. */
  tardy: number;
  feedHours: number;
  carriers: string[];
}

const usual = {
  answersBy: 'link',
  silent: 0,
  rejects: 0.005,
  shorts: 0.01,
  backorders: 0.01,
  splits: 0.04,
  twice: 0,
  boasts: 1,
  dedupes: true,
  loses: 0,
  lagSeconds: [0, 2],
  tardy: 0,
  feedHours: 6,
  ranges: [],
} as const;

const northAmerica = { US: 3, CA: 5, '*': 10 };
const europe = { DE: 2, NL: 2, FR: 3, AT: 3, BE: 2, IE: 4, GB: 5, '*': 9 };
const euroParcel = { DE: 490, NL: 590, FR: 790, AT: 690, BE: 590, IE: 990, GB: 1290, '*': 1990 };
const dollarParcel = { US: 695, CA: 1295, '*': 2995 };
const european = ['DE', 'NL', 'FR', 'AT', 'BE', 'IE', 'GB'];

export const characters: readonly Character[] = [
  {
    ...usual,
    code: 'KESTREL',
    name: 'Kestrel Lighting Supply',
    character: 'good',
    state: 'live',
    country: 'US',
    currency: 'USD',
    zone: 'America/Chicago',
    city: 'Joliet, IL',
    transport: 'rest',
    shipsTo: ['US', 'CA'],
    ranges: ['Lighting', 'Home', 'Outdoor'],
    breadth: 0.7,
    priceLevel: 1,
    skuShape: 'KL-#',
    contract: { handlingDays: 1, ackHours: 8, shipHours: 48, orderFee: 150, rank: 10 },
    transitDays: northAmerica,
    shippingCost: dollarParcel,
    ackHours: [0.05, 1],
    packHours: [4, 20],
    carriers: ['ups', 'fedex'],
  },
  {
    ...usual,
    code: 'HARROW',
    name: 'Harrow & Fields Wholesale',
    character: 'slow',
    state: 'live',
    country: 'US',
    currency: 'USD',
    zone: 'America/New_York',
    city: 'Allentown, PA',
    transport: 'file',
    shipsTo: ['US', 'CA'],
    ranges: ['Home', 'Garden', 'Outdoor', 'Lighting'],
    breadth: 0.55,
    priceLevel: 0.95,
    skuShape: '@#H',
    contract: { handlingDays: 2, ackHours: 24, shipHours: 96, orderFee: 0, rank: 20 },
    transitDays: northAmerica,
    shippingCost: dollarParcel,
    ackHours: [2, 18],
    packHours: [20, 70],
    feedHours: 12,
    carriers: ['ups', 'usps'],
  },
  {
    ...usual,
    code: 'PINECREST',
    name: 'Pinecrest Outdoor',
    character: 'short-shipping',
    state: 'watch',
    country: 'US',
    currency: 'USD',
    zone: 'America/Denver',
    city: 'Boise, ID',
    transport: 'email',
    answersBy: 'reply',
    shipsTo: ['US', 'CA'],
    ranges: ['Garden', 'Outdoor', 'Home'],
    breadth: 0.5,
    priceLevel: 0.9,
    skuShape: 'PC@-#',
    contract: { handlingDays: 2, ackHours: 24, shipHours: 72, orderFee: 200, rank: 40 },
    transitDays: northAmerica,
    shippingCost: dollarParcel,
    ackHours: [1, 10],
    packHours: [10, 50],
    shorts: 0.18,
    backorders: 0.06,
    feedHours: 24,
    dedupes: false,
    carriers: ['usps', 'fedex'],
  },
  {
    ...usual,
    code: 'VERDANT',
    name: 'Verdant Tuingoed',
    character: 'late',
    state: 'live',
    country: 'NL',
    currency: 'EUR',
    zone: 'Europe/Amsterdam',
    city: 'Venlo',
    transport: 'email',
    answersBy: 'link',
    shipsTo: european,
    ranges: ['Garden', 'Outdoor', 'Home'],
    breadth: 0.75,
    priceLevel: 1,
    skuShape: 'VT#',
    contract: { handlingDays: 2, ackHours: 12, shipHours: 72, orderFee: 0, rank: 20 },
    transitDays: europe,
    shippingCost: euroParcel,
    ackHours: [1, 8],
    packHours: [12, 48],
    tardy: 0.06,
    feedHours: 24,
    dedupes: false,
    carriers: ['dhl', 'gls'],
  },
  {
    ...usual,
    code: 'NORDLICHT',
    name: 'Nordlicht Großhandel',
    character: 'splitting',
    state: 'live',
    country: 'DE',
    currency: 'EUR',
    zone: 'Europe/Berlin',
    city: 'Kassel',
    transport: 'file',
    shipsTo: european,
    ranges: ['Lighting', 'Home', 'Outdoor'],
    breadth: 0.8,
    priceLevel: 1.02,
    skuShape: 'NL.#.@',
    contract: { handlingDays: 1, ackHours: 12, shipHours: 48, orderFee: 100, rank: 10 },
    transitDays: europe,
    shippingCost: euroParcel,
    ackHours: [0.5, 5],
    packHours: [6, 28],
    splits: 0.35,
    twice: 0.05,
    dedupes: false,
    carriers: ['dhl', 'dpd'],
  },
  {
    ...usual,
    code: 'SILVERBAY',
    name: 'Silverbay Imports',
    character: 'losing-answers',
    state: 'live',
    country: 'US',
    currency: 'USD',
    zone: 'America/Los_Angeles',
    city: 'Carson, CA',
    transport: 'rest',
    shipsTo: ['US', 'CA', 'MX'],
    ranges: ['Lighting', 'Home', 'Garden', 'Outdoor'],
    breadth: 0.45,
    priceLevel: 0.82,
    skuShape: 'SB#@',
    contract: { handlingDays: 3, ackHours: 24, shipHours: 120, orderFee: 0, rank: 50 },
    transitDays: { US: 5, CA: 8, MX: 8, '*': 14 },
    shippingCost: { US: 495, CA: 995, MX: 1095, '*': 2495 },
    ackHours: [1, 12],
    packHours: [24, 90],
    dedupes: false,
    loses: 0.04,
    lagSeconds: [0, 120],
    feedHours: 8,
    carriers: ['usps', 'ups'],
  },
  {
    ...usual,
    code: 'MARLOWE',
    name: 'Marlowe Home Brands',
    character: 'boasting',
    state: 'watch',
    country: 'US',
    currency: 'USD',
    zone: 'America/Chicago',
    city: 'Memphis, TN',
    transport: 'rest',
    shipsTo: ['US'],
    ranges: ['Home', 'Lighting'],
    breadth: 0.4,
    priceLevel: 0.88,
    skuShape: 'MH-@-#',
    contract: { handlingDays: 2, ackHours: 12, shipHours: 72, orderFee: 100, rank: 60 },
    transitDays: { US: 4, '*': 12 },
    shippingCost: { US: 595, '*': 3495 },
    ackHours: [0.2, 6],
    packHours: [10, 40],
    rejects: 0.12,
    boasts: 3,
    twice: 0.06,
    carriers: ['fedex', 'ups'],
  },
  {
    ...usual,
    code: 'OLDMILL',
    name: 'Old Mill Makers',
    character: 'silent',
    state: 'pilot',
    country: 'IE',
    currency: 'EUR',
    zone: 'Europe/Dublin',
    city: 'Kilkenny',
    transport: 'email',
    answersBy: 'link',
    shipsTo: european,
    ranges: ['Home', 'Garden', 'Lighting'],
    breadth: 0.5,
    priceLevel: 0.93,
    skuShape: 'OM#',
    contract: { handlingDays: 3, ackHours: 24, shipHours: 96, orderFee: 0, rank: 80 },
    transitDays: { ...europe, IE: 1, GB: 3 },
    shippingCost: euroParcel,
    ackHours: [4, 20],
    packHours: [20, 80],
    silent: 0.4,
    feedHours: 48,
    dedupes: false,
    carriers: ['dhl', 'gls'],
  },
];

export const carries = (supplier: Character, range: string): boolean => supplier.ranges.length === 0 || supplier.ranges.includes(range);
