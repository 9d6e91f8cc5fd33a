import Type from 'typebox';
import { expect, it } from 'vitest';
import { Fault } from '#kernel/fault';
import type { Api } from '#ports/api';
import { recordCalls, replayCalls } from './record.ts';

const Reply = Type.Object({ ok: Type.Boolean() });
const far = {
  get: async () => ({ ok: true }),
  post: async () => {
    throw new Fault('refused', 'http-422', 'no');
  },
  put: async () => ({ ok: false }),
} as unknown as Api;

it('gives again what was recorded, faults too, whatever the order of names', async () => {
  const { api, calls } = recordCalls(far);
  await api.get('/a', Reply, { x: '1', y: '2' });
  await expect(api.post('/b', Reply, { n: 1 }, 'key')).rejects.toThrow('no');
  await api.put('/c', Reply, { n: 2 }, 'other');
  const again = replayCalls(JSON.parse(JSON.stringify(calls)));
  await expect(again.api.put('/c', Reply, { n: 2 }, 'other')).resolves.toEqual({ ok: false });
  await expect(again.api.get('/a', Reply, { y: '2', x: '1' })).resolves.toEqual({ ok: true });
  await expect(again.api.post('/b', Reply, { n: 1 }, 'key')).rejects.toMatchObject({ kind: 'refused', code: 'http-422' });
  expect(again.unused()).toEqual([]);
});

it('does not answer what nobody recorded, or with what does not fit', async () => {
  const { api } = replayCalls([{ method: 'GET', path: '/a', query: { x: '1' }, reply: { ok: 'yes' } }]);
  await expect(api.get('/a', Reply, { x: '2' })).rejects.toThrow(/Nobody recorded GET \/a/);
  await expect(api.get('/a', Reply, { x: '1' })).rejects.toMatchObject({ kind: 'refused', code: 'reply-misfit' });
});
