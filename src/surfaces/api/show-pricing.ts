import { showId } from '#kernel/id';
import type { Moved, PreviewSummary, Publication, Step, whyPrice } from '#modules/catalog';
import type { PriceListed, PriceProblemListed } from '#modules/insight';
import { amount, at, maybeAt, named } from './show.ts';
import type { PriceMoved, PricePreview, PriceProblemRow, PriceRow, PriceWhy, PublicationRow } from './schemas-pricing.ts';

const maybeAmount = (minor: bigint | string | null, currency: string) => (minor === null ? null : amount(minor, currency));

const movedOf = ({ channel_id, channel, sku, currency, before, price, rule }: Moved): PriceMoved => ({
  channel: { id: showId('channel', channel_id), code: channel },
  sku,
  before: maybeAmount(before, currency),
  price: maybeAmount(price, currency),
  rule,
});

export const previewOf = (
  summary: PreviewSummary,
  { id, inputs, factsAt }: { id: string | null; inputs: string; factsAt: Temporal.Instant },
): PricePreview => ({
  ...summary,
  id: id === null ? null : showId('pricePreview', id),
  inputs,
  factsAt: at(factsAt),
  held: summary.held.map(({ examples, ...reason }) => ({ ...reason, examples: examples.map(movedOf) })),
  movers: summary.movers.map(movedOf),
  liftedExamples: summary.liftedExamples.map(movedOf),
  mapExamples: summary.mapExamples.map(movedOf),
  conflicts: summary.conflicts.map(({ examples, ...rule }) => ({ ...rule, examples: examples.map(movedOf) })),
});

export const publicationOf = (row: Publication): PublicationRow => ({
  id: showId('publication', row.id),
  state: row.state,
  only: row.scope,
  dueAt: maybeAt(row.due_at),
  version: row.version,
  published: row.published,
  leftOut: row.left_out,
  note: row.note,
  by: row.by,
  madeAt: at(row.made_at),
  doneAt: maybeAt(row.done_at),
  undoUntil: maybeAt(row.undo_until),
});

export const priceOf = (row: PriceListed): PriceRow => ({
  channel: named('channel', row.channel_id, row.channel_name),
  sku: row.sku,
  title: row.title,
  price: amount(row.price_minor, row.currency),
  compare: maybeAmount(row.compare_minor, row.currency),
  rule: row.rule_name,
  version: row.policy_version,
  publishedAt: at(row.published_at),
});

export const priceProblemOf = (row: PriceProblemListed): PriceProblemRow => ({
  channel: named('channel', row.channel_id, row.channel_name),
  sku: row.sku,
  kind: row.kind,
  detail: row.detail,
  cost: maybeAmount(row.cost_minor, row.channel_currency),
  price: maybeAmount(row.price_minor, row.channel_currency),
  since: at(row.since),
});

const stepsOf = (steps: readonly Step[], currency: string) =>
  steps.map(({ what, minor, with: how }) => ({ what, amount: amount(minor, currency), with: how }));

export function whyOf({ channel, published, now, price, ...why }: NonNullable<Awaited<ReturnType<typeof whyPrice>>>): PriceWhy {
  const { currency } = channel;
  return {
    sku: why.sku,
    channel: { id: showId('channel', channel.id), code: channel.code, currency },
    price: maybeAmount(price, currency),
    published: published && {
      price: amount(published.price, published.currency),
      compare: maybeAmount(published.compare, published.currency),
      rule: published.rule,
      version: published.version,
      steps: stepsOf(published.steps, published.currency),
      by: published.by,
      at: at(published.at),
    },
    now: {
      outcome: now.outcome,
      price: maybeAmount(now.price, currency),
      floor: maybeAmount(now.floor, currency),
      rule: now.rule,
      sentence: now.sentence,
      steps: stepsOf(now.steps, currency),
    },
    offers: why.offers,
    history: why.history.map((one) => ({
      at: at(one.at),
      price: amount(one.price_minor, one.currency),
      before: maybeAmount(one.before_minor, one.currency),
      rule: one.rule_name,
      version: one.policy_version,
      by: one.by,
      publication: one.publication_id === null ? null : showId('publication', one.publication_id),
      undoneAt: maybeAt(one.undone_at),
    })),
  };
}
