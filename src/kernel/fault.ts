/**
 * What went wrong at the far side, in the four ways that call for different answers:
 * `transient` it certainly did not happen and may work later · `refused` it was answered "no" ·
 * `unknown` it may have happened and nobody told us · `misconfigured` it cannot work until a person changes a setting.
 */
export type FaultKind = 'transient' | 'refused' | 'unknown' | 'misconfigured';

export class Fault extends Error {
  readonly kind: FaultKind;
  /** A short machine-readable reason, such as `timeout`, `http-422`, `login-failed`. */
  readonly code: string;
  /** When the far side told us how long to wait. */
  readonly retryAfterMs: number | undefined;
  readonly evidence: Readonly<Record<string, string | number | boolean>>;

  constructor(
    kind: FaultKind,
    code: string,
    message: string,
    more: { retryAfterMs?: number; evidence?: Record<string, string | number | boolean>; cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Fault';
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = more.retryAfterMs;
    this.evidence = more.evidence ?? {};
  }
}

/** A rule that can only break through a bug of ours. Left on in production: better to stop than to go on wrongly. */
export function invariant(holds: unknown, rule: string): asserts holds {
  if (!holds) throw new Error(`Broken rule: ${rule}`);
}
