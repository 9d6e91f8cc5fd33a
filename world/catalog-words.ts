/** The words of the assortment. All brands are invented. */
export interface Family {
  code: string;
  range: 'Lighting' | 'Home' | 'Garden' | 'Outdoor';
  noun: string;
  materials: readonly string[];
  /** US cents. */
  price: readonly [number, number];
  grams: readonly [number, number];
}

const metal = ['Brass', 'Matt Black', 'Brushed Steel', 'Copper', 'White Enamel'];
const cloth = ['Linen', 'Cotton', 'Boucle', 'Wool', 'Velvet'];
const wood = ['Oak', 'Walnut', 'Acacia', 'Bamboo', 'Ash'];
const clay = ['Terracotta', 'Stoneware', 'Glazed', 'Ribbed', 'Speckled'];
const field = ['Canvas', 'Olive', 'Slate', 'Sand', 'Navy'];

export const families: readonly Family[] = [
  { code: 'PND', range: 'Lighting', noun: 'Pendant Lamp', materials: metal, price: [5900, 24900], grams: [900, 4200] },
  { code: 'TBL', range: 'Lighting', noun: 'Table Lamp', materials: metal, price: [3900, 14900], grams: [800, 3200] },
  { code: 'FLR', range: 'Lighting', noun: 'Floor Lamp', materials: metal, price: [8900, 34900], grams: [3500, 9000] },
  { code: 'WLL', range: 'Lighting', noun: 'Wall Light', materials: metal, price: [3400, 12900], grams: [500, 1900] },
  {
    code: 'STR',
    range: 'Lighting',
    noun: 'String Lights',
    materials: ['Warm White', 'Amber', 'Clear', 'Frosted', 'Smoked'],
    price: [1500, 5900],
    grams: [300, 1200],
  },
  {
    code: 'BLB',
    range: 'Lighting',
    noun: 'Filament Bulb',
    materials: ['Globe', 'Edison', 'Candle', 'Tubular', 'Spiral'],
    price: [700, 2400],
    grams: [80, 220],
  },
  { code: 'CSH', range: 'Home', noun: 'Cushion', materials: cloth, price: [1900, 6900], grams: [300, 900] },
  { code: 'THR', range: 'Home', noun: 'Throw', materials: cloth, price: [3500, 12900], grams: [700, 1800] },
  { code: 'VAS', range: 'Home', noun: 'Vase', materials: clay, price: [1800, 8900], grams: [600, 2600] },
  { code: 'MIR', range: 'Home', noun: 'Round Mirror', materials: metal, price: [4900, 22900], grams: [2200, 8000] },
  {
    code: 'BSK',
    range: 'Home',
    noun: 'Storage Basket',
    materials: ['Seagrass', 'Rattan', 'Jute', 'Felt', 'Willow'],
    price: [1600, 6400],
    grams: [400, 1800],
  },
  { code: 'CLK', range: 'Home', noun: 'Wall Clock', materials: wood, price: [2900, 9900], grams: [500, 1600] },
  { code: 'SHF', range: 'Home', noun: 'Floating Shelf', materials: wood, price: [2400, 8900], grams: [1200, 4200] },
  { code: 'PLT', range: 'Garden', noun: 'Planter', materials: clay, price: [1500, 9900], grams: [900, 6500] },
  { code: 'WCN', range: 'Garden', noun: 'Watering Can', materials: metal, price: [1800, 5400], grams: [500, 1400] },
  {
    code: 'BRD',
    range: 'Garden',
    noun: 'Bird Feeder',
    materials: ['Cedar', 'Copper', 'Glass', 'Green', 'Slate'],
    price: [1700, 5900],
    grams: [500, 1900],
  },
  { code: 'TRL', range: 'Garden', noun: 'Trellis', materials: wood, price: [2400, 9400], grams: [1500, 6000] },
  {
    code: 'SHR',
    range: 'Garden',
    noun: 'Pruning Shears',
    materials: ['Bypass', 'Anvil', 'Ratchet', 'Precision', 'Long Reach'],
    price: [1400, 5900],
    grams: [200, 900],
  },
  {
    code: 'BED',
    range: 'Garden',
    noun: 'Raised Bed',
    materials: ['Cedar', 'Galvanised', 'Larch', 'Recycled', 'Corten'],
    price: [5900, 24900],
    grams: [6000, 18000],
  },
  { code: 'CHR', range: 'Outdoor', noun: 'Camp Chair', materials: field, price: [2900, 11900], grams: [1800, 4800] },
  { code: 'HMK', range: 'Outdoor', noun: 'Hammock', materials: field, price: [2900, 12900], grams: [700, 2600] },
  {
    code: 'FIR',
    range: 'Outdoor',
    noun: 'Fire Bowl',
    materials: ['Corten', 'Black Steel', 'Cast Iron', 'Copper', 'Folding'],
    price: [6900, 29900],
    grams: [5000, 16000],
  },
  {
    code: 'PIC',
    range: 'Outdoor',
    noun: 'Picnic Blanket',
    materials: ['Tartan', 'Striped', 'Gingham', 'Plain', 'Patchwork'],
    price: [2200, 7400],
    grams: [700, 1600],
  },
  { code: 'LNT', range: 'Outdoor', noun: 'Storm Lantern', materials: metal, price: [1900, 7900], grams: [500, 2200] },
];

export const brands = [
  'Alderwick',
  'Brightmoor',
  'Casa Luma',
  'Fernhollow',
  'Halden & Lisk',
  'Ivory Lane',
  'Juniper Row',
  'Lumivar',
  'Mossbank',
  'Northfold',
  'Orchard & Ash',
  'Pellworth',
  'Quillon',
  'Riverstead',
  'Saltmarsh',
  'Tallowby',
  'Umberline',
  'Wrenfield',
] as const;

export const sizes = ['Small', 'Medium', 'Large', '20 cm', '30 cm', '45 cm', '60 cm', 'Set of 2', 'Set of 4', 'Classic'] as const;
export const series = [
  'Aster',
  'Birch',
  'Calla',
  'Dune',
  'Elm',
  'Flint',
  'Grove',
  'Hollis',
  'Isle',
  'Jura',
  'Kilda',
  'Larch',
  'Marlo',
  'Nook',
  'Orla',
  'Pine',
  'Quay',
  'Reed',
  'Sable',
  'Tarn',
] as const;
