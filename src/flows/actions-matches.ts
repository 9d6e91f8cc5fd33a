import { isUuid, readId, showId } from '#kernel/id';
import { problem } from '#kernel/problem';
import { textOf } from '#kernel/text';
import {
  confirmGroup,
  confirmPairs,
  type Decided,
  everythingToMatch,
  matchSettings,
  rejectPairs,
  saveMatchSettings,
  undo,
  variantFromOffer,
} from '#modules/catalog';
import type { Tx } from '#platform/db';
import type { Asked, Deed } from './acting.ts';

/** Matches are approved and rejected one by one or in groups, paired by hand, taken back, and looked for anew. */
export function actOnMatches(tx: Tx, asked: Asked): Promise<Deed> {
  const deeds: Record<string, (tx: Tx, asked: Asked) => Promise<Deed>> = {
    approve,
    'approve-group': approveGroup,
    reject,
    create,
    run,
    settings,
    undo: takeBack,
  };
  const deed = deeds[asked.action];
  if (!deed) throw problem('not-found', `Matches have no action "${asked.action}".`);
  return deed(tx, asked);
}

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`;
const idFrom = (kind: 'offer' | 'variant' | 'supplier' | 'undo', shown: unknown): string => {
  const id = readId(kind, textOf(shown));
  if (id === null || !isUuid(id))
    throw problem('invalid-field', `"${textOf(shown).slice(0, 60)}" is not the id of ${kind === 'undo' ? 'a change' : `a ${kind}`}.`);
  return id;
};

interface PairShown {
  offer: string;
  variant: string;
  unitsPerOffer?: number;
}

const pairsOf = (input: Asked['input']): { offer_id: string; variant_id: string; units?: number }[] =>
  (input['pairs'] as PairShown[]).map(({ offer, variant, unitsPerOffer }) => ({
    offer_id: idFrom('offer', offer),
    variant_id: idFrom('variant', variant),
    ...(unitsPerOffer === undefined ? {} : { units: unitsPerOffer }),
  }));

function decided(tx: Tx, type: string, said: string, { count, undoId }: Decided, data: Record<string, unknown> = {}): Deed {
  return {
    said,
    facts: [{ type, subject: { kind: 'tenant', id: tx.tenant }, data: { count, ...data } }],
    more: { count, undo: showId('undo', undoId) },
  };
}

async function approve(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const done = await confirmPairs(tx, pairsOf(input), by, input['anyway'] === true);
  return decided(tx, 'matches.approved', `${many(done.count, 'match is', 'matches are')} approved.`, done, { how: 'one by one' });
}

async function approveGroup(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const certainty = input['certainty'] as 'exact' | 'likely' | 'possible';
  const rule = input['rule'] === undefined ? {} : { rule: textOf(input['rule']) };
  const supplier = input['supplier'] === undefined ? {} : { supplierId: idFrom('supplier', input['supplier']) };
  const done = await confirmGroup(tx, { certainty, ...rule, ...supplier }, by);
  const expected = input['expected'];
  if (typeof expected === 'number' && done.count > expected) {
    throw problem('changed-since', `The group has ${done.count} matches by now, not ${expected}.`, { fix: 'Look at it again.' });
  }
  return decided(tx, 'matches.approved', `${many(done.count, 'match is', 'matches are')} approved.`, done, { certainty, ...rule });
}

async function reject(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const done = await rejectPairs(tx, pairsOf(input), by);
  return decided(tx, 'matches.rejected', `${many(done.count, 'match is', 'matches are')} rejected for good.`, done);
}

async function create(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const title = typeof input['title'] === 'string' && input['title'].trim() !== '' ? { title: input['title'].trim() } : {};
  const sku = textOf(input['sku']).trim();
  if (sku === '') throw problem('invalid-field', 'A variant needs a SKU.', { param: 'sku' });
  const done = await variantFromOffer(tx, idFrom('offer', input['offer']), { sku, ...title }, by);
  return {
    ...decided(tx, 'matches.approved', `${sku} is there, and matched.`, done, { how: 'made of the offer', sku }),
    made: done.variantId,
  };
}

async function run(tx: Tx, { input }: Asked): Promise<Deed> {
  await everythingToMatch(tx, input['supplier'] === undefined ? null : idFrom('supplier', input['supplier']));
  return { said: 'All offers are looked at again; what is found shows here within moments.', facts: [] };
}

async function settings(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const before = await matchSettings(tx);
  const number = (name: string, otherwise: number): number => (typeof input[name] === 'number' ? input[name] : otherwise);
  const wanted = {
    auto_exact: typeof input['autoExact'] === 'boolean' ? input['autoExact'] : before.auto_exact,
    cost_least: number('costLeast', before.cost_least),
    cost_most: number('costMost', before.cost_most),
  };
  if (wanted.cost_least >= wanted.cost_most)
    throw problem('invalid-field', 'The least cost is not below the most.', { param: 'costLeast' });
  await saveMatchSettings(tx, wanted, by);
  return {
    said: wanted.auto_exact ? 'Exact matches are approved by themselves.' : 'Exact matches wait for a person.',
    facts: [{ type: 'person.changed_matching', subject: { kind: 'tenant', id: tx.tenant }, data: { before, after: wanted } }],
  };
}

async function takeBack(tx: Tx, { id, by, input }: Asked): Promise<Deed> {
  const { kind, title, restored, left } = await undo(tx, id === '' ? idFrom('undo', input['undo']) : id, by);
  const rest = left > 0 ? `; ${many(left, 'was', 'were')} changed since and left` : '';
  return {
    said: `Taken back: ${title}${rest}.`,
    facts: [{ type: 'person.took_back', subject: { kind: 'tenant', id: tx.tenant }, data: { kind, title, restored, left } }],
    more: { restored, left },
  };
}
