/**
 * Feeds from the web: one *file* under an address, asked for only when it has changed; or the *pages* of a supplier's own API, put
 * together to one file of JSON lines.
 */
import { Fault } from '#kernel/fault';
import type { FeedDoor, FetchedFile, FileVersion, GetFile } from '#ports/feed-door';
import { textOf } from '#kernel/text';

interface Kept extends FileVersion {
  url?: string;
  hash?: string;
}

/** `settings.url` names the file. The same bytes under a new version are no new file. */
export const webFile = (settings: Readonly<Record<string, unknown>>, get: GetFile): FeedDoor => ({
  async fetch(seen, keep) {
    const url = textOf(settings['url']);
    const known: Kept = seen['url'] === url ? (seen as Kept) : {};
    const got = await get(url, known, async (bytes, head) => ({ file: await keep(named(head.name, head.type), bytes), head }));
    if (got === null) return { files: [], seen: { ...seen }, isCurrent: true, more: false };
    const { file, head } = got;
    const written = head.lastModified ? instantOf(head.lastModified) : null;
    return {
      files: [{ ...file, ...(written ? { writtenAt: written } : {}) }],
      seen: {
        url,
        hash: file.hash,
        ...(head.etag ? { etag: head.etag } : {}),
        ...(head.lastModified ? { lastModified: head.lastModified } : {}),
      },
      isCurrent: file.hash === known.hash,
      more: false,
    };
  },
});

/** A name without an ending gets one from its type, for people. */
const named = (name: string, type: string): string =>
  /\.[a-z0-9]{2,5}$/i.test(name)
    ? name
    : `${name}${/json/.test(type) ? '.json' : /xml/.test(type) ? '.xml' : /csv/.test(type) ? '.csv' : ''}`;

function instantOf(text: string): Temporal.Instant | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : Temporal.Instant.fromEpochMilliseconds(ms);
}

const mostPages = 10_000;
const mostPageLetters = 20_000_000;

/**
 * `settings.path` under the supplier's base address; with `pageParam` (and `firstPage`, 1 unless said) page after page until one is
 * empty, or with `nextPath` by what each page says to go on with. `list` is the path of the records in a page.
 */
export const apiPages = (settings: Readonly<Record<string, unknown>>, baseUrl: string, get: GetFile): FeedDoor => ({
  async fetch(seen, keep) {
    const first = addressOf(baseUrl, textOf(settings['path'], '/'));
    if (!settings['pageParam'] && !settings['nextPath']) return webFile({ url: first.href }, get).fetch(seen, keep);
    const file: FetchedFile = await keep('pages.jsonl', pagesOf(settings, first, get));
    return { files: [file], seen: { hash: file.hash }, isCurrent: seen['hash'] === file.hash, more: false };
  },
});

function addressOf(baseUrl: string, path: string): URL {
  const base = URL.parse(baseUrl);
  const url = base && URL.parse(`${base.origin}${base.pathname.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`);
  if (!url || url.origin !== base.origin)
    throw new Fault('misconfigured', 'bad-address', `${path} is no path below the supplier's address. Correct it in the settings.`);
  return url;
}

async function* pagesOf(settings: Readonly<Record<string, unknown>>, first: URL, get: GetFile): AsyncGenerator<Uint8Array> {
  const param = textOf(settings['pageParam']);
  const next = textOf(settings['nextPath']);
  let page = Number(settings['firstPage'] ?? 1);
  let url: URL | null = first;
  for (let count = 0; url !== null; count += 1) {
    if (count >= mostPages)
      throw new Fault('misconfigured', 'endless-pages', `There are more than ${mostPages} pages; the settings of its pages are wrong.`);
    const asked: URL = new URL(url);
    if (param !== '' && next === '') asked.searchParams.set(param, String(page));
    const value = await get(asked.href, {}, async (bytes) => jsonOf(bytes));
    const list = at(value, textOf(settings['list']));
    if (!Array.isArray(list)) throw new Fault('refused', 'no-list', `A page has no list at "${textOf(settings['list'])}".`);
    if (list.length > 0) yield Buffer.from(`${list.map((one) => JSON.stringify(one)).join('\n')}\n`);
    const onward: unknown = next === '' ? null : at(value, next);
    url = next === '' ? (list.length > 0 ? first : null) : onwardOf(first, onward, param);
    page += 1;
  }
}

/** A whole address of the same host, or a cursor for the page parameter. */
function onwardOf(first: URL, onward: unknown, param: string): URL | null {
  if (typeof onward !== 'string' && typeof onward !== 'number') return null;
  const text = String(onward);
  if (text === '') return null;
  if (param !== '') {
    const url = new URL(first);
    url.searchParams.set(param, text);
    return url;
  }
  const url = URL.parse(text, first.href);
  if (!url || url.origin !== first.origin)
    throw new Fault('misconfigured', 'bad-next', 'A page leads on to another host; that is not followed.');
  return url;
}

async function jsonOf(bytes: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > mostPageLetters)
      throw new Fault('refused', 'too-large', `A page has more than ${mostPageLetters} bytes. Ask for smaller pages.`);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (cause) {
    throw new Fault('transient', 'reply-broken', 'A page is not JSON.', { cause });
  }
}

const at = (value: unknown, path: string): unknown =>
  path === ''
    ? value
    : path
        .split('.')
        .reduce<unknown>(
          (part, name) =>
            typeof part === 'object' && part !== null && Object.hasOwn(part, name) ? (part as Record<string, unknown>)[name] : undefined,
          value,
        );
