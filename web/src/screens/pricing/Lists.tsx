import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { put } from '../../api/client.ts';
import type { Done, PriceProblemRow, PublicationRow } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { LookBadge } from '../../parts/Badge.tsx';
import { Button } from '../../parts/Button.tsx';
import { counted, msBetween, showCount } from '../../parts/format.ts';
import { TableBox } from '../../parts/Layout.tsx';
import { Answered, Empty } from '../../parts/States.tsx';
import type { Look } from '../../parts/status.ts';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { Ago, Money, Time } from '../../parts/Values.tsx';
import { heldWords } from './draft.ts';
import { takeBack } from './PublishDialog.tsx';
import { problemsQuery, publicationsQuery, ratesQuery, usePricesChanged } from './usePricing.ts';

/** Listings that keep their price since a new one cannot be trusted. */
export function Problems({ onWhy, mayWrite }: { onWhy: (channel: string, sku: string) => void; mayWrite: boolean }) {
  const act = useDo();
  const accept = ({ channel, sku }: PriceProblemRow): void =>
    act({ path: '/pricing/problems/accept', body: { channel: channel.id, skus: [sku] }, label: `Accept ${sku}`, ask: true });
  return (
    <Answered query={useQuery(problemsQuery)} what="The problems" rows={6}>
      {({ data, next }) =>
        data.length === 0 ? (
          <Empty title="Every price can be trusted">
            A listing whose cost jumps, vanishes or is zero keeps its price and is listed here.
          </Empty>
        ) : (
          <TableBox label="Prices that are held">
            <thead>
              <tr>
                <th scope="col">Listing</th>
                <th scope="col">Why</th>
                <th scope="col" className="end">
                  Price
                </th>
                <th scope="col" className="end">
                  Cost said
                </th>
                <th scope="col">Since</th>
                <th scope="col">
                  <span className="hidden">Accept</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.map((row) => (
                <tr key={`${row.channel.id} ${row.sku}`}>
                  <td>
                    <button type="button" className="gate-more" onClick={() => onWhy(row.channel.id, row.sku)}>
                      <bdi>{row.sku}</bdi>
                    </button>{' '}
                    <span className="dim">{row.channel.name}</span>
                  </td>
                  <td>
                    <strong>{heldWords[row.kind] ?? row.kind}</strong> <span className="dim">{row.detail}</span>
                  </td>
                  <td className="end">
                    <Money of={row.price} />
                  </td>
                  <td className="end">
                    <Money of={row.cost} />
                  </td>
                  <td>
                    <Ago at={row.since} />
                  </td>
                  <td className="end">
                    {mayWrite && ['cost_jump', 'price_jump', 'currency_changed'].includes(row.kind) ? (
                      <Button onClick={() => accept(row)}>Accept</Button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
            {next ? <caption className="dim">The first {showCount(data.length)}</caption> : null}
          </TableBox>
        )
      }
    </Answered>
  );
}

const looks: Record<PublicationRow['state'], Look> = {
  scheduled: { tone: 'wait', glyph: 'none', word: 'Scheduled' },
  done: { tone: 'ok', glyph: 'full', word: 'Published' },
  undone: { tone: 'neutral', glyph: 'full', word: 'Taken back' },
  cancelled: { tone: 'neutral', glyph: 'cross', word: 'Cancelled' },
  failed: { tone: 'crit', glyph: 'cross', word: 'Failed' },
};

/** What was published, what waits for its time, and what can still be taken back. */
export function Publications({ now, mayWrite }: { now: string; mayWrite: boolean }) {
  const changed = usePricesChanged();
  const canUndo = ({ state, undoUntil }: PublicationRow): boolean =>
    mayWrite && (state === 'scheduled' || (state === 'done' && undoUntil !== null && msBetween(now, undoUntil) > 0));
  return (
    <Answered query={useQuery(publicationsQuery)} what="The publications" rows={6}>
      {({ data }) =>
        data.length === 0 ? (
          <Empty title="Nothing was published yet">Write rules, look at what they would do, and publish.</Empty>
        ) : (
          <ul className="price-publications">
            {data.map((row) => (
              <li key={row.id} className="brief-line">
                <LookBadge look={looks[row.state]} />
                <span className="brief-grow">
                  {row.state === 'scheduled' ? (
                    <>
                      for <Time at={row.dueAt} />
                    </>
                  ) : (
                    <>
                      {counted(row.published, 'price')}
                      {row.version === null ? '' : `, version ${row.version}`} <span className="dim">{row.note}</span>
                    </>
                  )}
                  {row.leftOut.map(({ why, count, skus }) => (
                    <small key={why}>
                      {counted(count, 'listing')} left out ({leftWords[why] ?? heldWords[why] ?? why}): {skus.slice(0, 5).join(', ')}
                    </small>
                  ))}
                </span>
                <Ago at={row.doneAt ?? row.madeAt} />
                {canUndo(row) ? (
                  <Button onClick={() => void takeBack(row.id, changed)}>{row.state === 'scheduled' ? 'Cancel' : 'Take back'}</Button>
                ) : null}
              </li>
            ))}
          </ul>
        )
      }
    </Answered>
  );
}
const leftWords: Record<string, string> = {
  changed: 'would be another price by now',
  gone: 'no longer listed',
  not_new: 'had a price already',
};

/** Exchange rates as somebody typed them, with their day. */
export const Rates = ({ mayWrite }: { mayWrite: boolean }) => (
  <>
    <Answered query={useQuery(ratesQuery)} what="The rates" rows={3}>
      {({ data }) =>
        data.length === 0 ? (
          <p className="dim">None yet. They are needed where a supplier’s currency is not the shop’s.</p>
        ) : (
          <ul className="brief">
            {data.map(({ base, quote, rate, onDate, source }) => (
              <li key={base + quote} className="brief-line num">
                <span className="brief-grow">
                  1 {base} = {rate} {quote}
                </span>
                <span className="dim">
                  {onDate}, {source}
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Answered>
    {mayWrite ? <RateForm /> : null}
  </>
);

const typedIn = (fields: FormData, name: string): string => {
  const given = fields.get(name);
  return typeof given === 'string' ? given.trim() : '';
};

function RateForm() {
  const changed = usePricesChanged();
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    setBusy(true);
    try {
      const done = await put<Done>('/pricing/rates', {
        base: typedIn(fields, 'base').toUpperCase(),
        quote: typedIn(fields, 'quote').toUpperCase(),
        rate: typedIn(fields, 'rate').replace(',', '.'),
      });
      say(done.said);
      form.reset();
      await changed();
    } catch (error) {
      sayFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="price-rate" onSubmit={(event) => void send(event)}>
      <label className="field">
        <span>One unit of</span>
        <input name="base" required maxLength={3} pattern="[A-Za-z]{3}" placeholder="EUR" />
      </label>
      <label className="field">
        <span>is</span>
        <input name="rate" required inputMode="decimal" pattern="[0-9]{1,9}([.,][0-9]{1,8})?" placeholder="1.0835" />
      </label>
      <label className="field">
        <span>units of</span>
        <input name="quote" required maxLength={3} pattern="[A-Za-z]{3}" placeholder="USD" />
      </label>
      <Button type="submit" busy={busy}>
        Enter rate
      </Button>
    </form>
  );
}
