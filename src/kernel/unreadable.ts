/** Where in a file or message the trouble is: lines and columns count from 1, bytes from 0. */
export interface Place {
  byte?: number;
  line?: number;
  column?: number;
}

/**
 * A file or message that cannot be read as what it claims to be, as a whole. `code` is for programs (`ends-inside-quotes`),
 * the message says what was found and where, `fix` what to do about it. A single bad row is never this: it is reported as a row.
 */
export class Unreadable extends Error {
  readonly code: string;
  readonly place: Readonly<Place>;
  readonly fix: string;

  constructor(code: string, message: string, more: { place?: Place; fix: string; cause?: unknown }) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Unreadable';
    this.code = code;
    this.place = more.place ?? {};
    this.fix = more.fix;
  }
}
