/** A table whose rows can be put back: what names a row, and what of it is put back. Column to its SQL type. */
interface UndoTarget {
  table: string;
  key: Readonly<Record<string, string>>;
  /** A row that was taken away is made anew of its key and these, so they cover every column that must have a value. */
  columns: Readonly<Record<string, string>>;
}

/** The only tables and columns that an undo may touch. */
export const undoTargets = {
  match: {
    table: 'catalog.match',
    key: { variant_id: 'uuid', offer_id: 'uuid' },
    columns: {
      state: 'text',
      confidence: 'numeric',
      evidence: 'text',
      created_at: 'timestamptz',
      units_per_offer: 'int',
      rule: 'text',
      certainty: 'text',
      facts: 'jsonb',
      warnings: 'text[]',
      decided_at: 'timestamptz',
      decided_by: 'text',
    },
  },
  variant: {
    table: 'catalog.variant',
    key: { id: 'uuid' },
    columns: {
      sku: 'text',
      title: 'text',
      brand: 'text',
      gtin: 'text',
      mpn: 'text',
      price_minor: 'bigint',
      currency: 'text',
      weight_grams: 'int',
      category: 'text',
      tags: 'text[]',
      map_minor: 'bigint',
      msrp_minor: 'bigint',
      locked: 'text[]',
      created_at: 'timestamptz',
    },
  },
} as const satisfies Record<string, UndoTarget>;

export type UndoTargetName = keyof typeof undoTargets;

export const undoTarget = (name: UndoTargetName): UndoTarget => undoTargets[name];
