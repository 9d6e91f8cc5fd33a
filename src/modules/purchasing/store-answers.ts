import { sql } from 'kysely';
import { recordset, toJson, type Tx } from '#platform/db';
import { effectsOf, settleByPerson, wakeReaders } from '#platform/work';
import { type AnswersMet, type AnswersPlan, decideAnswers, plainNumber } from './decide-answers.ts';
import { placeKey } from './document.ts';
import { keepDocuments, loadPurchases, refreshPurchases } from './store.ts';
import type { Answered, AnswersTaken, Change, Purchase, PurchaseLine } from './words.ts';

/**
 * Takes in what suppliers said, as a set: lines, changes and documents are written; the rest is for the caller to hand on. The purchase
 * orders named are locked in the order of their ids, so that two readers never wait for each other in a ring; `orders` are theirs.
 */
export async function takeAnswers(tx: Tx, given: readonly Answered[]): Promise<AnswersTaken & { orders: string[] }> {
  const { rows } = await sql<{ id: string }>`
    select id from purchasing.purchase
     where tenant_id = ${tx.tenant} and number = any(${[...new Set(given.map(({ said }) => plainNumber(said.purchase)))]})
     order by id
       for no key update`.execute(tx.db);
  const purchases = await loadPurchases(
    tx,
    rows.map(({ id }) => id),
  );
  const plan = decideAnswers(
    { purchases, changes: await changesAnswered(tx, purchases, given), unsaid: await neverSaid(tx, purchases) },
    given,
  );
  await writeLines(tx, plan.lines);
  await writeChanges(tx, plan.changes);
  await writeReferences(tx, plan.references);
  await refreshPurchases(
    tx,
    plan.changed.map(({ id }) => id),
  );
  await takeAsEvidence(tx, plan.proven);
  await keepDocuments(tx, plan.documents.map(documentOf));
  return { ...plan.taken, orders: [...new Set(purchases.map(({ order_id }) => order_id))] };
}

/** The latest change asked of each, where a cancellation is answered at all. */
async function changesAnswered(tx: Tx, purchases: readonly Purchase[], given: readonly Answered[]): Promise<AnswersMet['changes']> {
  if (!given.some(({ said }) => said.what === 'cancellation')) return new Map();
  const { rows } = await sql<Pick<Change, 'id' | 'state' | 'why'> & { purchase_id: string }>`
    select distinct on (purchase_id) purchase_id, id, state, why
      from purchasing.change
     where tenant_id = ${tx.tenant} and purchase_id = any(${purchases.map(({ id }) => id)}::uuid[])
     order by purchase_id, created_at desc, id desc`.execute(tx.db);
  return new Map(rows.map((row) => [row.purchase_id, row]));
}

/** Where nothing was said under its key, the supplier cannot know of it. */
async function neverSaid(tx: Tx, purchases: readonly Purchase[]): Promise<Set<string>> {
  const queued = purchases.filter(({ transmission }) => transmission === 'queued');
  if (queued.length === 0) return new Set();
  const said = await effectsOf(tx, queued.map(placeKey));
  return new Set(queued.flatMap((one) => (said.has(placeKey(one)) ? [] : [one.id])));
}

/** Counts of accepted and refused units of lines that an answer changed. */
export async function writeLines(tx: Tx, lines: readonly PurchaseLine[]): Promise<void> {
  if (lines.length === 0) return;
  await sql`
    update purchasing.line as ours
       set response = given.response, accepted = given.accepted, refused = given.refused, expected_at = given.expected_at, reason = given.reason, answered_at = given.answered_at
      from ${recordset(lines, {
        purchase_id: 'uuid',
        id: 'uuid',
        response: 'text',
        accepted: 'int',
        refused: 'int',
        expected_at: 'timestamptz',
        reason: 'text',
        answered_at: 'timestamptz',
      })} as given
     where ours.tenant_id = ${tx.tenant} and ours.purchase_id = given.purchase_id and ours.id = given.id`.execute(tx.db);
}

async function writeChanges(tx: Tx, changes: AnswersPlan['changes']): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    update purchasing.change as ours
       set state = given.state, due_at = null, answered_at = ${tx.now}, changed_at = ${tx.now}
      from ${recordset(changes, { id: 'uuid', state: 'text' })} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id`.execute(tx.db);
}

async function writeReferences(tx: Tx, references: AnswersPlan['references']): Promise<void> {
  if (references.length === 0) return;
  await sql`
    update purchasing.purchase as ours
       set reference = given.reference
      from ${recordset(references, { id: 'uuid', reference: 'text' })} as given
     where ours.tenant_id = ${tx.tenant} and ours.id = given.id and ours.reference = ''`.execute(tx.db);
}

/**
 * Whoever answers has it: what was not certain is settled, and the step that placed it goes on from there. What is on the wire at
 * this moment is left to its own reply; it counts as arrived whatever the wire says.
 */
async function takeAsEvidence(tx: Tx, purchases: readonly Purchase[]): Promise<void> {
  const open = purchases.filter(({ transmission }) => ['queued', 'sending', 'unknown', 'failed'].includes(transmission));
  if (open.length === 0) return;
  const settled = await settleByPerson(tx, open.map(placeKey), 'happened', 'the supplier answered it');
  const waiting = open.filter((one) => one.transmission !== 'sending' && settled.has(placeKey(one)));
  if (waiting.length === 0) return;
  await sql`
    update purchasing.purchase
       set transmission = 'unknown', due_at = ${tx.now}
     where tenant_id = ${tx.tenant} and id = any(${waiting.map(({ id }) => id)}::uuid[])`.execute(tx.db);
  wakeReaders(tx, 'purchase', new Set(['unknown']));
}

const kinds = { acknowledgement: 'acknowledgement', shipment: 'ship-notice', cancellation: 'cancellation' } as const;

/** Of a list that speaks of many purchase orders, each keeps its own part; the list as it came is with the arrival. */
function documentOf({ purchase_id, answered: { said, document }, alone }: AnswersPlan['documents'][number]) {
  const part = { direction: 'in' as const, purchase_id, kind: kinds[said.what] };
  return alone
    ? { ...part, name: document.name, type: document.type, base64: Buffer.from(document.bytes).toString('base64') }
    : {
        ...part,
        name: `${document.name}, the part about it`,
        type: 'application/json',
        base64: Buffer.from(toJson(said)).toString('base64'),
      };
}
