import type { Address, AddressField } from '#kernel/address';

/**
 * `deliverable`: nothing speaks against it, as far as this validator can see. `doubtful`: a person should look, or the shopper
 * be asked. `undeliverable`: no carrier would take it as it is.
 */
export type AddressVerdict = 'deliverable' | 'doubtful' | 'undeliverable';

export interface AddressIssue {
  field: AddressField;
  /** For programs: `postcode-misfits-country`. */
  code: string;
  /** For people: what is wrong, without repeating the address. */
  sentence: string;
  /** What this field might be meant to say; null where nothing can be guessed. */
  suggestion: string | null;
  /** A note alone does not change the verdict. */
  weight: 'note' | 'doubt' | 'block';
}

export interface AddressReport {
  verdict: AddressVerdict;
  issues: AddressIssue[];
  /** The address tidied and with every suggestion taken; null when that changes nothing. Never used without being asked for. */
  suggested: Address | null;
  /** Whether the house itself was looked up, or only the address as text. */
  depth: 'text' | 'street' | 'house';
}

export interface AddressValidator {
  /** Reports in the order of the addresses. Throws a `Fault` when the far side cannot be asked; never guesses a verdict instead. */
  validate(addresses: readonly Address[]): Promise<AddressReport[]>;
}
