import { useState } from 'react';
import type { PriceFacets } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { counted } from '../../parts/format.ts';
import { Chips, NumberIn } from './Chips.tsx';
import { changed, type Formula, type Kind, kindOf, levelWords, readAmount, type Rule, type RuleChange, showAmount } from './draft.ts';
import { FormulaFields } from './FormulaFields.tsx';

interface Props {
  rule: Rule;
  facets: PriceFacets | undefined;
  /** Listings that it prices, and that fit it and are kept by another; null while that is not known. */
  count: { priced: number; kept: number } | null;
  currency: string;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
  onClose: () => void;
}

/** One rule: for which listings, how they are priced, and when. */
export function RuleEditor({ rule, facets, count, currency, onChange, onRemove, onClose }: Props) {
  const set = (change: RuleChange): void => onChange(changed(rule, change));
  return (
    <section className="price-editor" aria-label={`Rule ${rule.name}`}>
      <div className="price-editor-head">
        <label className="field price-name">
          <span>Name</span>
          <input
            value={rule.name}
            maxLength={100}
            onChange={(event) => onChange({ ...rule, name: event.target.value.slice(0, 100) || ' ' })}
          />
        </label>
        <label className="field">
          <span>Priority</span>
          <input
            className="price-field num"
            type="number"
            min={0}
            max={1000}
            value={rule.priority}
            onChange={(event) => set({ priority: Math.min(1_000, Math.max(0, Math.trunc(Number(event.target.value)) || 0)) })}
          />
        </label>
        <label className="choice price-on">
          <input type="checkbox" checked={rule.on} onChange={(event) => set({ on: event.target.checked })} />
          On
        </label>
      </div>
      <Scope rule={rule} facets={facets} currency={currency} set={set} />
      <p className="dim" aria-live="polite">
        {levelWords[rule.level]}
        {count === null ? '' : ` · ${counted(count.priced, 'listing')} priced by it`}
        {count && count.kept > 0 ? ` · ${counted(count.kept, 'listing')} kept by rules before it` : ''}
      </p>
      <How rule={rule} currency={currency} onChange={onChange} set={set} />
      <Window rule={rule} set={set} />
      <div className="page-actions">
        <Button onClick={onClose} hint="Esc">
          Done
        </Button>
        <Button kind="quiet" onClick={onRemove}>
          Remove rule
        </Button>
      </div>
    </section>
  );
}

type Set = (change: RuleChange) => void;

function Scope({ rule, facets, currency, set }: { rule: Rule; facets: PriceFacets | undefined; currency: string; set: Set }) {
  return (
    <fieldset className="price-scope">
      <legend>For</legend>
      <Chips
        noun="supplier"
        words={rule.suppliers ?? []}
        known={(facets?.suppliers ?? []).map(({ code }) => ({ word: code }))}
        onChange={(suppliers) => set({ suppliers })}
      />
      <Chips
        noun="category"
        words={rule.categories ?? []}
        known={facets?.categories ?? []}
        onChange={(categories) => set({ categories })}
      />
      <Chips noun="brand" words={rule.brands ?? []} known={facets?.brands ?? []} onChange={(brands) => set({ brands })} />
      <Chips noun="SKU" words={rule.skus ?? []} known={[]} onChange={(skus) => set({ skus })} />
      <Chips noun="tag" words={rule.tags ?? []} known={facets?.tags ?? []} onChange={(tags) => set({ tags })} />
      <Chips
        noun="shop"
        words={rule.channels ?? []}
        known={(facets?.channels ?? []).map(({ code }) => ({ word: code }))}
        onChange={(channels) => set({ channels })}
      />
      <div className="price-chips">
        <span className="price-chips-name">cost</span>
        {(['costFrom', 'costBelow'] as const).map((end) => (
          <NumberIn
            key={end}
            label={end === 'costFrom' ? 'Cost from' : 'Cost below'}
            value={rule[end] === undefined ? '' : showAmount(rule[end], currency)}
            suffix={end === 'costFrom' ? ' to below ' : ` ${currency}`}
            onRead={(text) => {
              const minor = text.trim() === '' ? undefined : readAmount(text, currency);
              if (minor === null) return false;
              set({ [end]: minor });
              return true;
            }}
          />
        ))}
      </div>
      <Condition rule={rule} set={set} />
    </fieldset>
  );
}

function Condition({ rule, set }: { rule: Rule; set: Set }) {
  const [open, setOpen] = useState(rule.when !== undefined);
  if (!open)
    return (
      <button type="button" className="gate-more" onClick={() => setOpen(true)}>
        Add a condition
      </button>
    );
  return (
    <label className="field">
      <span>Condition, in CEL: cost, landed, supplier, brand, category, sku, tags, stock, channel, currency, weight</span>
      <textarea
        rows={2}
        maxLength={1_000}
        spellCheck={false}
        className="price-condition"
        value={rule.when ?? ''}
        placeholder="cost > 5.0 && stock >= 3"
        onChange={(event) => set({ when: event.target.value })}
      />
    </label>
  );
}

interface HowProps {
  rule: Rule;
  currency: string;
  onChange: (rule: Rule) => void;
  set: Set;
}

const kinds: readonly [Kind, string][] = [
  ['formula', 'By formula'],
  ['fixed', 'Fixed price'],
  ['keep', 'Keep what is there'],
];
const usual: Formula = { base: 'landed', markupBp: 16_000 };

function How({ rule, currency, onChange, set }: HowProps) {
  const { formula: _formula, fixed: _fixed, ...bare } = rule;
  const choose = (kind: Kind): void => {
    if (kind === kindOf(rule)) return;
    const how = { formula: { formula: usual }, fixed: { fixed: { [currency]: 999 } }, keep: {} }[kind];
    onChange(changed({ ...bare, ...how }, {}));
  };
  return (
    <fieldset className="price-how">
      <legend>Price</legend>
      <div className="price-kinds">
        {kinds.map(([kind, label]) => (
          <label key={kind} className="choice">
            <input type="radio" name="kind" checked={kindOf(rule) === kind} onChange={() => choose(kind)} />
            {label}
          </label>
        ))}
      </div>
      {rule.formula ? <FormulaFields formula={rule.formula} onChange={(formula) => set({ formula })} /> : null}
      {rule.fixed ? <Fixed fixed={rule.fixed} onChange={(fixed) => set({ fixed })} /> : null}
      {rule.formula ? (
        <p className="dim">Never below the advertised floor (MAP) nor the shop’s least margin, whatever the rule says.</p>
      ) : null}
    </fieldset>
  );
}

function Fixed({ fixed, onChange }: { fixed: NonNullable<Rule['fixed']>; onChange: (fixed: NonNullable<Rule['fixed']>) => void }) {
  return (
    <p className="price-sentence">
      {Object.entries(fixed).map(([code, minor]) => (
        <NumberIn
          key={code}
          label={`Price in ${code}`}
          value={showAmount(minor, code)}
          suffix={` ${code}`}
          wide
          onRead={(text) => {
            const value = readAmount(text, code);
            if (!value) return false;
            onChange({ ...fixed, [code]: value });
            return true;
          }}
        />
      ))}
    </p>
  );
}

/** In the shop's own time. */
const Window = ({ rule, set }: { rule: Rule; set: Set }) => (
  <fieldset className="price-window">
    <legend>When</legend>
    {(['from', 'until'] as const).map((end) => (
      <label key={end} className="field">
        <span>{end === 'from' ? 'From (shop’s time)' : 'Until'}</span>
        <input type="datetime-local" value={rule[end] ?? ''} onChange={(event) => set({ [end]: event.target.value.slice(0, 16) })} />
      </label>
    ))}
  </fieldset>
);
