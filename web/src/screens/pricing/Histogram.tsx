import type { PricePreview } from '../../api/types.ts';
import { showCount } from '../../parts/format.ts';

type Bars = PricePreview['histogram'];

const minus = '\u2212';
const percent = (bp: number): string => `${String(bp / 100).replace('-', minus)} %`;
const nameOf = ({ from, to }: Bars[number]): string => {
  if (from === 0 && to === 0) return 'stay';
  if (from === null) return `below ${percent(to ?? 0)}`;
  return to === null ? `above ${percent(from)}` : `${percent(from)} to ${percent(to)}`;
};
/** Below each bar the edge that is farther from no change. */
const edgeOf = ({ from, to }: Bars[number]): string => {
  if (from === 0 && to === 0) return '=';
  const edge = from === null ? (to ?? 0) : to === null ? from : Math.abs(from) > Math.abs(to) ? from : to;
  const sign = from === null ? '<' : to === null ? '>' : '';
  return `${sign}${String(edge / 100).replace('-', minus)}`;
};

const height = 84;

/** How many prices move by how much; the same as a table for who cannot see it. */
export function Histogram({ bars }: { bars: Bars }) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <figure className="price-chart">
      <figcaption className="dim">Prices by how much they move, in %</figcaption>
      <svg viewBox={`0 0 ${bars.length * 10} ${height}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {bars.map((bar, place) => {
          const tall = bar.count === 0 ? 0 : Math.max(2, (bar.count / most) * (height - 4));
          const side = bar.from === 0 && bar.to === 0 ? 'stay' : (bar.to ?? 1) <= 0 ? 'down' : 'up';
          return (
            <rect
              key={nameOf(bar)}
              className={`price-bar price-bar-${side}`}
              x={place * 10 + 0.75}
              y={height - tall}
              width={8.5}
              height={tall}
            />
          );
        })}
      </svg>
      <div className="price-axis" aria-hidden="true">
        {bars.map((bar) => (
          <span key={nameOf(bar)}>
            <b className="num">{bar.count > 0 ? showCount(bar.count, { compact: true }) : ''}</b>
            <span className="dim num">{edgeOf(bar)}</span>
          </span>
        ))}
      </div>
      <table className="hidden">
        <caption>Prices by how much they move</caption>
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col">Prices</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={nameOf(bar)}>
              <th scope="row">{nameOf(bar)}</th>
              <td>{showCount(bar.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
