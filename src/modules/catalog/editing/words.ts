/** What can be edited of a variant, in the order in which a sheet shows it. */
export const variantFields = ['title', 'brand', 'category', 'tags', 'gtin', 'mpn', 'weight', 'price', 'currency', 'map', 'msrp'] as const;
export type VariantField = (typeof variantFields)[number];

/** A variant's values as text: what a cell of a sheet shows, and takes. */
export type VariantCells = Readonly<Record<VariantField, string>>;

/** One row of a sheet: only the fields that are named are looked at; an empty text empties the field. */
export interface VariantEdit {
  sku: string;
  fields: Readonly<Partial<Record<VariantField, string>>>;
  /** What only a person may change from now on; left out: as it is. */
  locked?: readonly VariantField[];
}

/** A variant as it is stored. */
export interface VariantNow {
  id: string;
  sku: string;
  title: string;
  brand: string;
  category: string;
  tags: readonly string[];
  gtin: string | null;
  mpn: string | null;
  weight_grams: number | null;
  price_minor: bigint | null;
  currency: string | null;
  map_minor: bigint | null;
  msrp_minor: bigint | null;
  locked: readonly string[];
}

export interface EditError {
  /** The row's place in what was given, from 0. */
  row: number;
  sku: string;
  field: VariantField | 'sku' | 'locked';
  value: string;
  why: string;
}

export interface EditPlan {
  /** What each variant that changes becomes. */
  next: VariantNow[];
  changes: { variant_id: string; field: VariantField | 'locked'; before: string; after: string }[];
  errors: EditError[];
  /** Rows that change nothing. */
  same: number;
}
