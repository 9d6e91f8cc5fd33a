import { showCount } from '../../parts/format.ts';
import { inOrder, levelWords, type Rule, saidBy } from './draft.ts';

interface Props {
  rules: readonly Rule[];
  won: ReadonlyMap<string, number>;
  open: string | null;
  onOpen: (id: string | null) => void;
}

/** Rules from the first that is asked to the last, with the listings that each prices. */
export function RuleList({ rules, won, open, onOpen }: Props) {
  return (
    <ol className="price-rules" aria-label="Rules, in the order in which they are asked">
      {inOrder(rules).map((rule) => (
        <li key={rule.id}>
          <button
            type="button"
            className="price-rule"
            aria-expanded={open === rule.id}
            onClick={() => onOpen(open === rule.id ? null : rule.id)}
          >
            <span className="price-rule-level">{levelWords[rule.level]}</span>
            <span className="price-rule-words">
              <strong className={rule.on ? '' : 'price-off'}>
                <bdi>{rule.name}</bdi>
              </strong>
              <small className="dim">
                {saidBy(rule)}
                {rule.on ? '' : ' · off'}
                {rule.from || rule.until ? ' · for a time' : ''}
              </small>
            </span>
            <span className="num price-rule-won">{showCount(won.get(rule.id) ?? 0)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
