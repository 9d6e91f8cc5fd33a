import { readId } from '#kernel/id';
import { problem } from '#kernel/problem';
import { instant, isBefore } from '#kernel/time';
import { textOf } from '#kernel/text';
import {
  checkPricePolicy,
  type PricePolicy,
  priceListings,
  type Published,
  publishPrices,
  savePriceDraft,
  saveRate,
  undoPublication,
} from '#modules/catalog';
import type { Tx } from '#platform/db';
import type { Asked, Deed } from './acting.ts';

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** Rules are saved as a draft, previewed prices are published and taken back, rates are typed, doubted costs are accepted. */
export function actOnPrices(tx: Tx, asked: Asked): Promise<Deed> {
  const deeds: Record<string, (tx: Tx, asked: Asked) => Promise<Deed>> = {
    draft: saveRules,
    publish,
    undo: takeBack,
    rate: typeRate,
    accept: acceptListings,
  };
  const deed = deeds[asked.action];
  if (!deed) throw problem('not-found', `Prices have no action "${asked.action}".`);
  return deed(tx, asked);
}

async function saveRules(tx: Tx, { input }: Asked): Promise<Deed> {
  const policy = input['policy'] as PricePolicy;
  checkPricePolicy(policy);
  const version = await savePriceDraft(tx, policy, textOf(input['note']));
  return { said: `Version ${version} of the price rules is saved as a draft; no price is made by it yet.`, facts: [], more: { version } };
}

async function publish(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const previewId = readId('pricePreview', textOf(input['preview']));
  if (previewId === null) throw problem('invalid-field', '"preview" is not the id of a preview.', { param: 'preview' });
  const at = typeof input['at'] === 'string' ? instant(input['at']) : null;
  if (at && isBefore(at, tx.now)) throw problem('invalid-field', '"at" has passed already.', { param: 'at' });
  const done = await publishPrices(tx, {
    previewId,
    ...(typeof input['inputs'] === 'string' ? { inputs: input['inputs'] } : {}),
    ...(at ? { at } : {}),
    scope: input['only'] === 'new' ? 'new' : 'all',
    anyway: input['anyway'] === true,
    note: textOf(input['note']),
    by,
  });
  const subject = { kind: 'publication', id: done.publication };
  const left = done.leftOut.reduce((sum, { count }) => sum + count, 0);
  return {
    said: saidOf(done, left),
    made: done.publication,
    facts: [
      done.state === 'scheduled'
        ? { type: 'person.scheduled_prices', subject, data: { at: done.dueAt?.toString() ?? '' } }
        : { type: 'person.published_prices', subject, data: { changed: done.changed, leftOut: left } },
    ],
    more: {
      state: done.state,
      changed: done.changed,
      leftOut: done.leftOut,
      undoUntil: done.undoUntil?.toString() ?? null,
      dueAt: done.dueAt?.toString() ?? null,
    },
  };
}

function saidOf({ state, changed, leftOut, dueAt }: Published, left: number): string {
  if (state === 'scheduled') return `The prices are published at ${dueAt?.toString({ smallestUnit: 'minute' }) ?? ''}.`;
  const first = leftOut[0];
  const rest =
    left === 0 || !first ? '' : ` ${many(left, 'listing')} stayed as they were; the first: ${first.skus.slice(0, 3).join(', ')}.`;
  return `${many(changed, 'price')} published; they can be taken back for 15 minutes.${rest}`;
}

async function takeBack(tx: Tx, { id, by }: Asked): Promise<Deed> {
  const { back, left, wasScheduled } = await undoPublication(tx, id, by);
  const subject = { kind: 'publication', id };
  if (wasScheduled) return { said: 'It will not be published.', facts: [{ type: 'person.unscheduled_prices', subject }] };
  return {
    said: `${many(back.length, 'price')} and the rules are as they were before.${left > 0 ? ` ${many(left, 'price')} had changed since and stayed.` : ''}`,
    facts: [{ type: 'person.undid_prices', subject, data: { back: back.length, left } }],
  };
}

async function typeRate(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const [base, quote, rate] = [textOf(input['base']), textOf(input['quote']), textOf(input['rate'])];
  if (base === quote) throw problem('invalid-field', 'A currency has no rate into itself.', { param: 'quote' });
  if (!/[1-9]/.test(rate)) throw problem('invalid-field', 'A rate is above 0.', { param: 'rate' });
  const today = tx.now.toZonedDateTimeISO('UTC').toPlainDate();
  const onDate = textOf(input['onDate'], today.toString());
  let day: Temporal.PlainDate;
  try {
    day = Temporal.PlainDate.from(onDate);
  } catch {
    throw problem('invalid-field', '"onDate" is not a day.', { param: 'onDate' });
  }
  if (Temporal.PlainDate.compare(day, today) > 0) throw problem('invalid-field', 'No rate is known of days to come.', { param: 'onDate' });
  await saveRate(tx, { base, quote, rate, onDate, by });
  return {
    said: `1 ${base} is ${rate} ${quote} on ${onDate}.`,
    facts: [{ type: 'person.typed_rate', subject: { kind: 'tenant', id: tx.tenant }, data: { base, quote, rate, onDate } }],
  };
}

/** What was held because it had moved far is believed, this once, and priced. */
async function acceptListings(tx: Tx, { input, by }: Asked): Promise<Deed> {
  const channel = readId('channel', textOf(input['channel']));
  if (channel === null) throw problem('invalid-field', '"channel" is not the id of a channel.', { param: 'channel' });
  const skus = Array.isArray(input['skus']) ? input['skus'].map((sku) => textOf(sku)) : [];
  const { changed, held } = await priceListings(
    tx,
    skus.map((sku) => ({ channel_id: channel, sku })),
    { by, trusts: true },
  );
  return {
    said: `${many(changed, 'price')} changed.${held > 0 ? ` ${many(held, 'listing')} cannot be priced all the same.` : ''}`,
    facts: [{ type: 'person.accepted_costs', subject: { kind: 'channel', id: channel }, data: { listings: skus.length, changed } }],
  };
}
