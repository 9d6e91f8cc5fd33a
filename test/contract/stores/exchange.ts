import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One call as it went over the wire, and what came back. */
export interface Exchange {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string;
  status: number;
  reply: string;
}

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The same fetch, which keeps every exchange. */
export function recording(fetch: Fetch): { fetch: Fetch; exchanges: Exchange[] } {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    fetch: async (input, init) => {
      const reply = await fetch(input, init);
      exchanges.push({
        method: init?.method ?? 'GET',
        url: new URL(String(input instanceof Request ? input.url : input)),
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: typeof init?.body === 'string' ? init.body : '',
        status: reply.status,
        reply: await reply.clone().text(),
      });
      return reply;
    },
  };
}

const specs = new URL('../../../../shared/specs/', import.meta.url);

/** A vendor's own specification, or null where the folder is not beside the project. */
export function specOf(path: string): string | null {
  const file = new URL(path, specs);
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

const samples = new URL('../../../../shared/data/store-orders/', import.meta.url);

/** A sample order of a vendor's, or null where the folder is not beside the project. */
export function sampleOf(name: string): Uint8Array | null {
  const file = new URL(name, samples);
  return existsSync(file) ? readFileSync(file) : null;
}
