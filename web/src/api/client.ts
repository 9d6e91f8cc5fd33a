import type { ProblemAnswer } from './types.ts';

/** What the API refused, in its own words: what failed, why, and what to do. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly fix: string;
  readonly param: string;
  readonly request: string;
  /** A file that is kept although it could not be read as it was asked for. */
  readonly preview: string;

  constructor(status: number, answer: Partial<ProblemAnswer> & { preview?: unknown }) {
    super(answer.detail || answer.title || `The server answered ${status}.`);
    this.status = status;
    this.code = answer.code ?? '';
    this.fix = answer.fix ?? '';
    this.param = answer.param ?? '';
    this.request = answer.request_id ?? '';
    this.preview = typeof answer.preview === 'string' ? answer.preview : '';
  }
}

const unreachable = () =>
  new Refused(0, {
    code: 'unreachable',
    detail: 'The server does not answer.',
    fix: 'What you see is what was known last. See whether the program runs, then try again.',
  });

export type Params = Readonly<Record<string, string | number | boolean | undefined>>;

export function queryOf(params: Params): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  // One intention, one key: should the network repeat the request, the deed is still done once.
  if (method !== 'GET') headers['idempotency-key'] = crypto.randomUUID();
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal ? { signal } : {}) };
  const response = await fetch(`/v1${path}`, init).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw unreachable();
  });
  if (!response.ok) throw new Refused(response.status, (await response.json().catch(() => ({}))) as Partial<ProblemAnswer>);
  return (await response.json()) as T;
}

export const get = <T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> =>
  send<T>('GET', `${path}${queryOf(params)}`, undefined, signal);
export const post = <T>(path: string, body: unknown = {}, params: Params = {}): Promise<T> =>
  send<T>('POST', `${path}${queryOf(params)}`, body);
export const put = <T>(path: string, body: unknown): Promise<T> => send<T>('PUT', path, body);
export const patch = <T>(path: string, body: unknown): Promise<T> => send<T>('PATCH', path, body);
export const remove = <T>(path: string): Promise<T> => send<T>('DELETE', path);

/** A file as the body, for what is read by the server. */
export async function sendFile<T>(path: string, file: Blob, type: string): Promise<T> {
  const headers = { 'content-type': type, 'idempotency-key': crypto.randomUUID() };
  const response = await fetch(`/v1${path}`, { method: 'POST', headers, body: file }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw new Refused(response.status, (await response.json().catch(() => ({}))) as Partial<ProblemAnswer>);
  return (await response.json()) as T;
}

/** A document as it is, for showing it as text. */
export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(`/v1${path}`, signal ? { signal } : {}).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw new Refused(response.status, (await response.json().catch(() => ({}))) as Partial<ProblemAnswer>);
  return response.text();
}
