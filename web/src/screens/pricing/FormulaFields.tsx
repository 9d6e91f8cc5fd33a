import { NumberIn } from './Chips.tsx';
import { baseWords, endingName, endings, type Formula, readScaled, showPercent, showTimes } from './draft.ts';

interface Props {
  formula: Formula;
  onChange: (formula: Formula) => void;
}

/** The formula as a sentence, each number a field; the markup can be dragged as well. */
export function FormulaFields({ formula, onChange }: Props) {
  const set = (change: { [K in keyof Formula]?: Formula[K] | undefined }): void =>
    onChange(Object.fromEntries(Object.entries({ ...formula, ...change }).filter(([, value]) => value !== undefined)) as Formula);
  /** A field in percent or as a multiple; empty is none. */
  const scaled =
    (name: 'markupBp' | 'discountBp' | 'minMarginBp' | 'compareBp', scale: number, most: number, least = 0) =>
    (text: string): boolean => {
      if (text.trim() === '' && name !== 'markupBp') {
        set({ [name]: undefined });
        return true;
      }
      const bp = readScaled(text, scale, most);
      if (bp === null || bp < least) return false;
      set({ [name]: bp });
      return true;
    };
  return (
    <>
      <p className="price-sentence">
        <select aria-label="Begin with" value={formula.base} onChange={(event) => set({ base: event.target.value as Formula['base'] })}>
          {Object.entries(baseWords).map(([base, word]) => (
            <option key={base} value={base}>
              {word}
            </option>
          ))}
        </select>
        ×
        <NumberIn label="Markup" value={showTimes(formula.markupBp)} onRead={scaled('markupBp', 10_000, 1_000_000)} />
        less
        <NumberIn
          label="Discount"
          value={formula.discountBp ? showPercent(formula.discountBp) : ''}
          suffix=" %,"
          onRead={scaled('discountBp', 100, 9_900)}
        />
        at least
        <NumberIn
          label="Least margin"
          value={formula.minMarginBp ? showPercent(formula.minMarginBp) : ''}
          suffix=" % margin,"
          onRead={scaled('minMarginBp', 100, 9_000)}
        />
        ending in
        <select
          aria-label="Ending"
          value={endingName(formula.ending)}
          onChange={(event) => set({ ending: endings.find(({ name }) => name === event.target.value)?.ending ?? undefined })}
        >
          {endings.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
        , compare-at ×
        <NumberIn
          label="Compare-at"
          value={formula.compareBp ? showTimes(formula.compareBp) : ''}
          onRead={scaled('compareBp', 10_000, 100_000, 10_001)}
        />
      </p>
      <Dragged markupBp={formula.markupBp} onChange={(markupBp) => set({ markupBp })} />
      {formula.base === 'landed' ? (
        <p className="dim">Landed cost: cost, the supplier’s fee per order, shipping, duty, and what the payment takes.</p>
      ) : null}
    </>
  );
}

/** From × 1.00 to × 4.00; what is beyond is typed. */
const Dragged = ({ markupBp, onChange }: { markupBp: number; onChange: (markupBp: number) => void }) => (
  <input
    type="range"
    className="price-range"
    aria-label="Markup, dragged"
    aria-valuetext={`× ${showTimes(markupBp)}`}
    min={10_000}
    max={40_000}
    step={100}
    value={Math.min(40_000, Math.max(10_000, markupBp))}
    onChange={(event) => onChange(Number(event.target.value))}
  />
);
