import type { Static, TSchema } from 'typebox';
import { Fault, type FaultKind } from '#kernel/fault';
import type { Api } from '#ports/api';
import { checkReply } from './reply.ts';

/** One question and its answer, as JSON, to be kept beside a connector's test. */
export interface RecordedCall {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  key?: string;
  reply?: unknown;
  fault?: { kind: FaultKind; code: string; message: string };
}

type Ask = Pick<RecordedCall, 'method' | 'path' | 'query' | 'body' | 'key'> & { reads: boolean };

/** An Api made of one function that every call goes through. */
const through = (ask: <S extends TSchema>(call: Ask, reply: S) => Promise<Static<S>>): Api => ({
  get: (path, reply, query) => ask({ method: 'GET', reads: true, path, ...(query ? { query } : {}) }, reply),
  ask: (path, reply, body) => ask({ method: 'POST', reads: true, path, body }, reply),
  post: (path, reply, body, key) => ask({ method: 'POST', reads: false, path, body, key }, reply),
  put: (path, reply, body, key) => ask({ method: 'PUT', reads: false, path, body, key }, reply),
});

/** The same Api, which remembers every call and what came of it. */
export function recordCalls(api: Api): { api: Api; calls: RecordedCall[] } {
  const calls: RecordedCall[] = [];
  const recording = through(async ({ reads, ...call }, schema) => {
    const { method, path, query, body, key = '' } = call;
    const send = (): Promise<Static<typeof schema>> => {
      if (method === 'GET') return api.get(path, schema, query);
      return reads ? api.ask(path, schema, body) : api[method === 'POST' ? 'post' : 'put'](path, schema, body, key);
    };
    try {
      const reply = await send();
      calls.push({ ...call, reply });
      return reply;
    } catch (error) {
      if (error instanceof Fault) calls.push({ ...call, fault: { kind: error.kind, code: error.code, message: error.message } });
      throw error;
    }
  });
  return { api: recording, calls };
}

/**
 * An Api that answers from what was recorded: each recorded call once, the first that fits in method, path, query, key and body
 * (a part the recording leaves out fits everything). A call nobody recorded is a mistake of the test and throws an ordinary error.
 */
export function replayCalls(recorded: readonly RecordedCall[]): { api: Api; unused(): readonly RecordedCall[] } {
  const left = [...recorded];
  const api = through(async (call, schema) => {
    const place = left.findIndex((one) => fits(one, call));
    const one = left[place];
    if (!one)
      throw new Error(
        `Nobody recorded ${call.method} ${call.path} ${JSON.stringify(call.query ?? call.body ?? {})}; left: ${left.map((each) => `${each.method} ${each.path}`).join(', ') || 'nothing'}.`,
      );
    left.splice(place, 1);
    if (one.fault) throw new Fault(one.fault.kind, one.fault.code, one.fault.message);
    return checkReply({ account: 'a recording', method: call.method, reads: call.reads, path: call.path }, schema, one.reply);
  });
  return { api, unused: () => left };
}

function fits(one: RecordedCall, call: Ask): boolean {
  return (
    one.method === call.method &&
    one.path === call.path &&
    (['query', 'body', 'key'] as const).every((part) => one[part] === undefined || sorted(one[part]) === sorted(call[part]))
  );
}

/** JSON with the names of objects in order, so that two spellings of one value are equal. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : typeof part === 'bigint'
        ? part.toString()
        : part,
  );
