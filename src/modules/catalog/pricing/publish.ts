import { createHash } from 'node:crypto';
import { problem } from '#kernel/problem';
import { type Instant, isBefore } from '#kernel/time';
import { type CopyValue, toJson, type Tx } from '#platform/db';
import { variantsTouched } from '../availability/store-signals.ts';
import { compilePolicy } from './compile-policy.ts';
import type { CatalogFacts } from './facts.ts';
import { decideAll, isChange, type PreviewSummary, summing } from './preview.ts';
import { stagedRow } from './price-listings.ts';
import { checkPricePolicy, type PricePolicy } from './price-policy.ts';
import { factsOf, factsOfPreview, ratesOf } from './store-facts.ts';
import { makePricePolicyLive, returnToVersion } from './store-policy.ts';
import { findPreview, forgetPreviews, keepPreview, keepPreviewRows } from './store-previews.ts';
import { keepOnlyPreviewed, stagePrices, writePrices, type LeftOut } from './store-prices.ts';
import {
  addPublication,
  endPublication,
  findPublication,
  type Publication,
  publicationDone,
  putBackPrices,
  variantsPriced,
} from './store-publications.ts';

/** What these rules would do to facts that were read some moments ago: for somebody who is still trying. */
export async function previewPrices(
  tx: Tx,
  policy: PricePolicy,
  options: { facts: CatalogFacts; focus: string | null; pause: () => Promise<void> },
): Promise<PreviewSummary> {
  checkPricePolicy(policy);
  const compiled = compilePolicy(policy, await ratesOf(tx), tx.now);
  const sum = summing(options.facts, compiled, options.focus);
  await decideAll(options.facts, compiled, options.pause, sum.add);
  return sum.done();
}

export interface PreviewToPublish {
  id: string;
  /** Hash over the rules, the rates and every price that would change. */
  inputs: string;
  summary: PreviewSummary;
}

/** The same over what is so at this moment, kept with every price that would change, so that it can be published. */
export async function previewToPublish(
  tx: Tx,
  policy: PricePolicy,
  options: { focus: string | null; by: string; pause: () => Promise<void> },
): Promise<PreviewToPublish> {
  checkPricePolicy(policy);
  await forgetPreviews(tx);
  const facts = await factsOf(tx);
  const rates = await ratesOf(tx);
  const compiled = compilePolicy(policy, rates, tx.now);
  const sum = summing(facts, compiled, options.focus);
  const id = tx.newId();
  const hash = createHash('sha256').update(toJson([policy, rates]));
  const rows: CopyValue[][] = [];
  await decideAll(facts, compiled, options.pause, (one, priced) => {
    sum.add(one, priced);
    if (priced.outcome !== 'priced' || !isChange(one, priced)) return;
    const rule = policy.rules[priced.rule]?.id ?? '';
    const { channel, sku, price } = one;
    rows.push([channel.id, sku, price, priced.price, priced.compare, channel.currency, rule]);
    hash.update(`${channel.id}\n${sku}\n${price}\n${priced.price}\n${priced.compare}\n${priced.cost}\n`);
  });
  const summary = sum.done();
  const inputs = hash.digest('hex');
  await keepPreview(tx, { id, policy, inputs, summary, by: options.by });
  await keepPreviewRows(tx, id, rows);
  return { id, inputs, summary };
}

export interface PublishWish {
  previewId: string;
  /** Of the preview; when given and it is another, nothing is published. */
  inputs?: string;
  /** Left out: now. */
  at?: Instant;
  scope: 'all' | 'new';
  /** Although more than the settings allow would be at their floor. */
  anyway: boolean;
  note: string;
  by: string;
}

export interface Published {
  publication: string;
  state: 'done' | 'scheduled';
  changed: number;
  leftOut: LeftOut[];
  undoUntil: Instant | null;
  dueAt: Instant | null;
}

/**
 * Publishes what was previewed, now or at a moment. Each price is decided once more on what is so now; one that would be another than
 * it was in the preview is left out and said. The rules of the preview become the live ones.
 */
export async function publishPrices(tx: Tx, wish: PublishWish): Promise<Published> {
  const preview = await findPreview(tx, wish.previewId);
  if (!preview) throw problem('not-found', 'There is no such preview; they are kept for a day.', { fix: 'Make it again.' });
  if (wish.inputs !== undefined && wish.inputs !== preview.inputs)
    throw problem('changed-since', 'This preview was made from something else.', {
      param: 'inputs',
      fix: 'Make it again, and look at it.',
    });
  if (preview.summary.tooManyBelowFloor && !wish.anyway)
    throw problem('wrong-state', 'More listings than the settings allow would be priced below their floor and lifted to it.', {
      fix: 'Look at the rule: its markup is likely too low. Or publish anyway.',
    });
  const isLater = wish.at !== undefined && isBefore(tx.now, wish.at);
  const publication = await addPublication(tx, {
    preview_id: preview.id,
    scope: wish.scope,
    anyway: wish.anyway,
    due_at: isLater ? (wish.at ?? null) : null,
    note: wish.note,
    by: wish.by,
  });
  if (isLater) {
    const { id, due_at } = publication;
    return { publication: id, state: 'scheduled', changed: 0, leftOut: [], undoUntil: null, dueAt: due_at };
  }
  return carryOut(tx, publication);
}

/** Does a publication that is due. */
export async function carryOut(tx: Tx, publication: Publication): Promise<Published> {
  const preview = await findPreview(tx, publication.preview_id);
  if (!preview) throw problem('not-found', 'The preview of this publication is gone.', { fix: 'Make it again.' });
  const { version, before } = await makePricePolicyLive(tx, preview.policy, publication.note);
  const facts = await factsOfPreview(tx, preview.id);
  const compiled = compilePolicy(preview.policy, await ratesOf(tx), tx.now);
  const rows: CopyValue[][] = [];
  // One transaction: nobody else is to see half of it, and nothing to wait for in between.
  await decideAll(
    facts,
    compiled,
    async () => {},
    (one, priced) => rows.push(stagedRow(tx, facts, one, compiled, priced)),
  );
  await stagePrices(tx, rows);
  const leftOut = await keepOnlyPreviewed(tx, preview.id, publication.scope === 'new');
  const changed = await writePrices(tx, { version, by: publication.by, publicationId: publication.id });
  await variantsTouched(tx, { of: variantsPriced(tx, publication.id), costs: false });
  const undoUntil = await publicationDone(tx, publication.id, { version, before, published: changed, leftOut });
  return { publication: publication.id, state: 'done', changed, leftOut, undoUntil, dueAt: null };
}

/** Everything as it was: prices and rules; for a scheduled one, that it does not happen. */
export async function undoPublication(
  tx: Tx,
  id: string,
  by: string,
): Promise<{ back: { channel_id: string; sku: string }[]; left: number; wasScheduled: boolean }> {
  const found = await findPublication(tx, id);
  if (!found) throw problem('not-found', 'There is no such publication.');
  if (found.state === 'scheduled') {
    await endPublication(tx, id, 'cancelled', found.note);
    return { back: [], left: 0, wasScheduled: true };
  }
  if (found.state !== 'done') throw problem('wrong-state', `It is ${found.state} and cannot be undone.`);
  if (!found.undo_until || isBefore(found.undo_until, tx.now))
    throw problem('wrong-state', 'The 15 minutes in which it could be undone are over.', {
      fix: 'Publish the version before it again: its rules are under versions.',
    });
  const { back, left } = await putBackPrices(tx, id, by);
  await variantsTouched(tx, { of: variantsPriced(tx, id), costs: false });
  if (found.version !== null && found.before_version !== null && found.before_version !== found.version)
    await returnToVersion(tx, found.version, found.before_version);
  return { back, left, wasScheduled: false };
}
