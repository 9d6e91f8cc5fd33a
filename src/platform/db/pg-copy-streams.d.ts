/** The library ships no types; these are the two verbs that are used here. */
declare module 'pg-copy-streams' {
  import type { Submittable } from 'pg';
  import type { Readable, Writable } from 'node:stream';

  interface CopyStreams {
    from(text: string): Writable & Submittable;
    to(text: string): Readable & Submittable;
  }
  const copyStreams: CopyStreams;
  export default copyStreams;
}
