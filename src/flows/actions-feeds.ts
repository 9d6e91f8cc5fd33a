import { problem } from '#kernel/problem';
import { textOf } from '#kernel/text';
import {
  appliedAfter,
  type FeedPart,
  type FeedSchedule,
  type FeedSettings,
  type FeedTransport,
  findFeedRun,
  forgetFile,
  goBack,
  lookNow,
  readingOf,
  saveFeedSettings,
  saveSource,
  setWaitFor,
  sourceOf,
} from '#modules/catalog';
import type { Tx } from '#platform/db';
import type { Asked, Deed } from './acting.ts';
import type { PartyGiven } from './actions-parties.ts';
import { cancelFeed, rejectFeed, releaseFeed, replayFeed } from './feed-life.ts';

const about = (id: string) => ({ kind: 'supplier', id });

/** What people do with a supplier's feed: its settings and source, looking now, pausing. `id` is the supplier's. */
export async function actOnFeed(tx: Tx, asked: Asked, given: Pick<PartyGiven, 'seal'>): Promise<Deed> {
  const { id, action } = asked;
  const reading = await readingOf(tx, id);
  if (!reading) throw problem('not-found', 'There is no such supplier.');
  const fact = (type: string, data: object = {}) => [{ type, subject: about(id), data: { name: reading.name, ...data } }];
  if (action === 'change') {
    await changeFeed(tx, asked, reading.settings, given);
    return {
      said: `The feed of ${reading.name} is changed; its next file is read as a whole.`,
      facts: fact('person.changed_feed', { what: Object.keys(asked.input) }),
    };
  }
  const source = await sourceOf(tx, id);
  if (action === 'run') {
    if (source?.state === 'paused') throw problem('wrong-state', 'The feed is paused.', { fix: 'Resume it first.' });
    if (!(await lookNow(tx, id)))
      throw problem('wrong-state', 'Its files are brought to us, so there is nowhere to look.', { fix: 'Import a file, or set a source.' });
    return { said: `The feed of ${reading.name} is looked for now.`, facts: fact('person.ran_feed') };
  }
  await saveSource(tx, id, { isPaused: action === 'pause' });
  return {
    said:
      action === 'pause' ? `The feed of ${reading.name} is not looked for any more.` : `The feed of ${reading.name} is looked for again.`,
    facts: fact(`person.${action}d_feed`),
  };
}

async function changeFeed(tx: Tx, { id, input }: Asked, before: FeedSettings, given: Pick<PartyGiven, 'seal'>): Promise<void> {
  const { source, limits, ...rest } = input as { source?: Record<string, unknown>; limits?: object } & Partial<FeedSettings>;
  if (limits !== undefined || Object.keys(rest).length > 0)
    await saveFeedSettings(tx, id, { ...rest, ...(limits === undefined ? {} : { limits: { ...before.limits, ...limits } }) });
  if (source === undefined) return;
  const known = await sourceOf(tx, id);
  const { secrets, targetMinutes, transport, settings, schedule } = source;
  const other = transport !== undefined && transport !== known?.transport;
  await saveSource(tx, id, {
    ...(transport === undefined ? {} : { transport: transport as FeedTransport }),
    ...(settings === undefined ? {} : { settings: settings as Record<string, unknown> }),
    ...(schedule === undefined ? {} : { schedule: schedule as FeedSchedule }),
    ...(targetMinutes === undefined ? {} : { target_minutes: targetMinutes as number | null }),
    ...(secrets === undefined
      ? other
        ? { secrets: null }
        : {}
      : { secrets: given.seal(tx.tenant, `feed:${id}`, other ? null : (known?.secrets ?? null), secrets as Record<string, string>) }),
  });
}

const whole: FeedPart = { stock: true, cost: true, texts: true, fresh: true, gone: true, flagged: true };

/** What people do with one run of a feed. */
export async function actOnFeedRun(tx: Tx, { id, action, by, input }: Asked): Promise<Deed> {
  const run = await findFeedRun(tx, id);
  if (!run && action !== 'cancel') throw problem('not-found', 'There is no such feed run.');
  const fact = (type: string, data: object = {}) => [
    { type, subject: about(run?.supplier_id ?? id), data: { run: id, file: run?.name ?? '', ...data } },
  ];
  if (action === 'release') {
    const part = partOf(input['part']);
    await releaseFeed(tx, id, by, part);
    return {
      said: part ? `${partWords(part)} of ${run?.name} is applied.` : `${run?.name} is applied as it is.`,
      facts: fact('person.released_feed', part ? { part } : {}),
    };
  }
  if (action === 'reject') {
    await rejectFeed(tx, id, by);
    return { said: `${run?.name} is left aside; nothing of it was written.`, facts: fact('person.rejected_feed') };
  }
  if (action === 'replay') {
    const made = await replayFeed(tx, id, by);
    return { said: `${run?.name} is read again by the mapping of today.`, made, facts: fact('person.replayed_feed', { as: made }) };
  }
  if (action === 'roll-back') return rollBack(tx, id, by);
  await cancelFeed(tx, id);
  return { said: 'It ends without changing anything.', facts: [] };
}

function partOf(given: unknown): FeedPart | null {
  if (typeof given !== 'object' || given === null) return null;
  const part = { ...whole, ...(given as Partial<FeedPart>) };
  if (Object.values(part).every((one) => one)) return null;
  if (!part.stock && !part.cost && !part.texts && !part.fresh && !part.gone)
    throw problem('invalid-field', 'Nothing would be left of it.', { param: 'part', fix: 'Reject it instead.' });
  return part;
}

function partWords({ stock, cost, texts, fresh, gone, flagged }: FeedPart): string {
  const named = [
    stock ? 'stock' : '',
    cost ? 'cost' : '',
    texts ? 'texts' : '',
    fresh ? 'new offers' : '',
    gone ? 'what is gone' : '',
  ].filter((one) => one !== '');
  const words = named.join(', ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${flagged ? '' : ' without the rows that are flagged'}`;
}

async function rollBack(tx: Tx, id: string, by: string): Promise<Deed> {
  const target = await findFeedRun(tx, id);
  if (!target) throw problem('not-found', 'There is no such feed run.');
  if (target.state !== 'applied') throw problem('wrong-state', `A run that is ${target.state} left nothing to go back to.`);
  const over = await appliedAfter(tx, target.supplier_id, id);
  if (over.length === 0) throw problem('wrong-state', 'Nothing was applied since.', { fix: 'Choose an earlier run.' });
  const forgotten = over.filter(({ has_changes }) => !has_changes).length;
  if (forgotten > 0)
    throw problem('wrong-state', `What ${forgotten} of the runs since changed is not kept any longer.`, {
      fix: 'Choose a later run, or import a good file.',
    });
  const run = tx.newId();
  const { changed, vanished } = await goBack(tx, { supplierId: target.supplier_id, runId: run, target, over, actor: by });
  await forgetFile(tx, target.supplier_id);
  const stamp = target.observed_at.toString().slice(0, 16).replace('T', ' ');
  await setWaitFor(tx, target.supplier_id, `The feed was rolled back to the file of ${stamp} UTC; look at this one before it is applied.`);
  return {
    said: `Stock and cost of ${changed} offers are as they were after ${target.name} of ${stamp} UTC; ${vanished} that came since vanish. The next file waits for a person.`,
    made: run,
    facts: [
      { type: 'feed.rolled_back', subject: about(target.supplier_id), data: { run, to: id, file: textOf(target.name), changed, vanished } },
    ],
  };
}
