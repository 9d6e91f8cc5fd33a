import type { Instant } from '#kernel/time';

export const arrivalKinds = ['order', 'acknowledgement', 'ship-notice', 'answer', 'tracking', 'mail'] as const;
export type ArrivalKind = (typeof arrivalKinds)[number];

/** One thing that came, as a door hands it over. */
export interface Arrived {
  kind: string;
  /** `channel:<uuid>`, `supplier:<uuid>`, `carrier:<name>` or `mailbox`. */
  source: string;
  /** The far side's name of the thing it speaks of; '' when it has none. */
  object: string;
  /** File name, subject or topic, for people. */
  name: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

/** What became of it at the door: its id, and whether this content was new. */
export interface Came {
  id: string;
  fresh: boolean;
}

/** One that is kept and waits to be read. */
export interface Arrival {
  id: string;
  kind: string;
  source: string;
  object: string;
  name: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  state: 'received' | 'read' | 'refused';
  received_at: Instant;
  note: string;
}
