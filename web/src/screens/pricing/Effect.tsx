import type { ReactNode } from 'react';
import type { PriceMoved, PricePreview } from '../../api/types.ts';
import { counted, showCount } from '../../parts/format.ts';
import { Section, TableBox } from '../../parts/Layout.tsx';
import { Money } from '../../parts/Values.tsx';
import { Histogram } from './Histogram.tsx';
import { heldWords, showShareOf } from './draft.ts';

interface Props {
  of: PricePreview;
  /** Of the rule that is open; '' when none is. */
  rule: string;
  onWhy: (channel: string, sku: string) => void;
}

/** What the rules on the screen would do to every price, before anything is done. */
export function Effect({ of, rule, onWhy }: Props) {
  const rows = (list: readonly PriceMoved[]) => <Moves of={list} onWhy={onWhy} />;
  return (
    <>
      <Numbers of={of} rule={rule} />
      <Histogram bars={of.histogram} />
      {of.conflicts.map(({ rule: id, name, count, examples }) => (
        <More key={id} title={`${counted(count, 'listing keeps', 'listings keep')} “${name}”: it comes before this rule`}>
          {rows(examples)}
        </More>
      ))}
      {of.mapBlocked > 0 ? <More title={`${showCount(of.mapBlocked)} blocked by the advertised floor`}>{rows(of.mapExamples)}</More> : null}
      {of.lifted > 0 ? <More title={`${showCount(of.lifted)} lifted to their floor`}>{rows(of.liftedExamples)}</More> : null}
      {of.held.map(({ why, count, examples }) => (
        <More key={why} title={`${showCount(count)} held: ${heldWords[why] ?? why}`}>
          {rows(examples)}
        </More>
      ))}
      {of.movers.length > 0 ? <Section title={`The ${of.movers.length} that move most`}>{rows(of.movers)}</Section> : null}
    </>
  );
}

/** Named, and shown when asked for. */
const More = ({ title, children }: { title: string; children: ReactNode }) => (
  <details className="price-more">
    <summary>{title}</summary>
    {children}
  </details>
);

function Numbers({ of, rule }: { of: PricePreview; rule: string }) {
  const held = of.held.reduce((sum, { count }) => sum + count, 0);
  const numbers: [string, ReactNode][] = [
    [rule === '' ? 'Priced by rules' : `In scope of “${rule}”`, showCount(of.scope)],
    ['Up', showCount(of.up)],
    ['Down', showCount(of.down)],
    ['Lifted to floor', showCount(of.lifted)],
    ['Blocked by MAP', showCount(of.mapBlocked)],
    ...of.margins.map(({ currency, before, after, units }): [string, ReactNode] => [
      `Margin ${of.margins.length > 1 ? `${currency} ` : ''}${units > 0 ? 'at 28-day mix' : 'by listing'}`,
      <>
        {before === null ? null : <>{showShareOf(before)} → </>}
        {showShareOf(after)}
      </>,
    ]),
  ];
  const rest: string[] = [
    of.fresh > 0 ? `${showCount(of.fresh)} priced for the first time` : '',
    of.same > 0 ? `${showCount(of.same)} stay` : '',
    of.capped > 0 ? `${showCount(of.capped)} capped at the list price` : '',
    held > 0 ? `${showCount(held)} held` : '',
    of.noRule > 0 ? `${showCount(of.noRule)} without a rule` : '',
    of.kept > 0 ? `${showCount(of.kept)} kept by a rule` : '',
  ].filter((part) => part !== '');
  return (
    <>
      <dl className="price-numbers">
        {numbers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="dim price-rest">{rest.join(' · ')}</p>
      {of.tooManyBelowFloor ? (
        <p className="tone-text-risk">
          More listings than the settings allow would fall below their floor and are lifted to it. Is the markup right?
        </p>
      ) : null}
    </>
  );
}

function Moves({ of, onWhy }: { of: readonly PriceMoved[]; onWhy: (channel: string, sku: string) => void }) {
  return (
    <TableBox label="Prices that move">
      <thead>
        <tr>
          <th scope="col">Listing</th>
          <th scope="col" className="end">
            Now
          </th>
          <th scope="col" className="end">
            Then
          </th>
          <th scope="col">Rule</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ channel, sku, before, price, rule }) => (
          <tr key={`${channel.id} ${sku}`}>
            <td>
              <button type="button" className="gate-more" onClick={() => onWhy(channel.id, sku)}>
                <bdi>{sku}</bdi>
              </button>{' '}
              <span className="dim">{channel.code}</span>
            </td>
            <td className="end">
              <Money of={before} />
            </td>
            <td className="end">
              <Money of={price} strong />
            </td>
            <td className="dim">{rule}</td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
