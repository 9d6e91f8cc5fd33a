import type { NewFact } from '#platform/work';

/** What a person or a key asks for; `id` is '' when something is to be made, or there is only one. */
export interface Asked {
  kind: string;
  action: string;
  id: string;
  by: string;
  input: Readonly<Record<string, unknown>>;
}

/** What came of it, written in the same transaction. */
export interface Done {
  facts: readonly { type: string; data: Readonly<Record<string, unknown>> }[];
  said: string;
  made?: string;
  more?: Readonly<Record<string, unknown>>;
}

/** What an action did, before its facts are written. */
export interface Deed {
  said: string;
  facts: NewFact[];
  made?: string;
  more?: Readonly<Record<string, unknown>>;
}
