import type { OfferChangeRow } from '../../api/types.ts';
import { showCount, showMoney, showShare } from '../../parts/format.ts';
import { TableBox } from '../../parts/Layout.tsx';
import { costMove, flagWord } from './words.ts';

const kinds: Readonly<Record<string, { word: string; tone: string }>> = {
  new: { word: 'new', tone: 'new' },
  gone: { word: 'gone', tone: 'risk' },
  back: { word: 'back', tone: 'info' },
};

/** Offers before and after, one row each. */
export const Changes = ({ rows, label }: { rows: readonly OfferChangeRow[]; label: string }) => (
  <TableBox label={label}>
    <thead>
      <tr>
        <th scope="col">Offer</th>
        <th scope="col">What</th>
        <th scope="col" className="end">
          Cost before
        </th>
        <th scope="col" className="end">
          after
        </th>
        <th scope="col" className="end">
          Stock before
        </th>
        <th scope="col" className="end">
          after
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <Change key={row.offer} row={row} />
      ))}
    </tbody>
  </TableBox>
);

function Change({ row }: { row: OfferChangeRow }) {
  const { supplierSku, title, titleBefore, what, flags, cost, quantity } = row;
  const move = costMove(row);
  return (
    <tr className={flags.length > 0 ? 'feed-flagged' : ''}>
      <td>
        <code>{supplierSku}</code>
        <div className="dim feed-title">
          {titleBefore === null ? (
            <bdi>{title}</bdi>
          ) : (
            <>
              <del>{titleBefore}</del> <ins>{title}</ins>
            </>
          )}
        </div>
      </td>
      <td>
        {what.map((one) =>
          kinds[one] ? (
            <span key={one} className={`feed-tag tone-${kinds[one].tone}`}>
              {kinds[one].word}
            </span>
          ) : (
            <span key={one} className="feed-what">
              {one}
            </span>
          ),
        )}
        {flags.map((flag) => (
          <div key={flag} className="tone-text-crit">
            ! {flagWord(flag)}
          </div>
        ))}
      </td>
      <td className="end num dim">{cost.before ? showMoney(cost.before) : '—'}</td>
      <td className="end num">
        {cost.after ? showMoney(cost.after) : '—'}
        {move !== null && move !== 0 ? (
          <div className={Math.abs(move) > 0.25 ? 'tone-text-crit' : 'dim'}>{`${move > 0 ? '+' : ''}${showShare(move)}`}</div>
        ) : null}
      </td>
      <td className="end num dim">{quantity.before === null ? '—' : showCount(quantity.before)}</td>
      <td className={quantity.after === 0 && quantity.before !== 0 ? 'end num tone-text-crit' : 'end num'}>
        {quantity.after === null ? '—' : showCount(quantity.after)}
      </td>
    </tr>
  );
}
