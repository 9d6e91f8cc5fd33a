import type { Measure } from '../../api/types.ts';
import { counted } from '../../parts/format.ts';
import { Sparkline } from '../../parts/Sparkline.tsx';
import { changeOf, measureWords, showMeasure } from './measures.ts';

/** Six numbers with their course, whether they got better in a word, and how they are worked out. */
export const Measures = ({ measures }: { measures: readonly Measure[] }) => (
  <ul className="measures">
    {measures.map((measure) => (
      <li key={measure.name}>
        <One measure={measure} />
      </li>
    ))}
  </ul>
);

function One({ measure }: { measure: Measure }) {
  const { title, formula } = measureWords[measure.name];
  const change = changeOf(measure);
  const value = showMeasure(measure.value, measure.unit);
  return (
    <details className="measure">
      <summary>
        <span className="measure-name">{title}</span>
        <span className="measure-value num">{value}</span>
        <span className="measure-change num">
          {change ? (
            <>
              {change.by}{' '}
              <span className={change.word === 'worse' ? 'tone-text-risk' : change.word === 'better' ? 'tone-text-ok' : ''}>
                {change.word}
              </span>
            </>
          ) : (
            'nothing to compare'
          )}
        </span>
        <Sparkline values={measure.spark} label={`${title} over 28 days, now ${value}`} />
      </summary>
      <p className="measure-formula">
        {formula} Compared with the 28 days before. n = {counted(measure.n, 'case')}.
      </p>
    </details>
  );
}
