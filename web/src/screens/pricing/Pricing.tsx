import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { put } from '../../api/client.ts';
import { useNow } from '../../api/live.ts';
import { meQuery } from '../../api/queries.ts';
import type { Done, PricePolicies } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { counted, showCount } from '../../parts/format.ts';
import { useKeys } from '../../parts/keys.ts';
import { useAddress } from '../../parts/search.ts';
import { Answered, Failed, Skeleton } from '../../parts/States.tsx';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { changed, idFor, newRule, type Policy, replaced, type Rule, without } from './draft.ts';
import { Effect } from './Effect.tsx';
import { Problems, Publications, Rates } from './Lists.tsx';
import { PublishDialog } from './PublishDialog.tsx';
import { RuleEditor } from './RuleEditor.tsx';
import { RuleList } from './RuleList.tsx';
import { ShopSettings } from './ShopSettings.tsx';
import { facetsQuery, problemsQuery, rulesQuery, usePreview, usePricesChanged } from './usePricing.ts';
import { WhyPanel } from './WhyPanel.tsx';

const tabs = [
  ['rules', 'Rules'],
  ['problems', 'Held prices'],
  ['publications', 'Publications'],
  ['rates', 'Exchange rates'],
] as const;

/** Rules by which prices are made, with what they would do beside them. */
export function PricingPage() {
  const [address, change] = useAddress();
  const tab = tabs.find(([name]) => name === address['tab'])?.[0] ?? 'rules';
  const rules = useQuery(rulesQuery);
  const held = useQuery(problemsQuery).data?.data.length ?? 0;
  const mayWrite = useQuery(meQuery).data?.rights.includes('catalog:write') ?? false;
  const now = useNow();
  const why = (address['why'] ?? '').split('|');
  const onWhy = (channel: string, sku: string): void => change({ why: `${channel}|${sku}` });
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>Pricing</h1>
        <p className="screen-count dim">{rules.data ? stateOf(rules.data) : ''}</p>
      </header>
      <nav className="price-tabs" aria-label="Pricing">
        {tabs.map(([name, label]) => (
          <button
            key={name}
            type="button"
            aria-current={tab === name ? 'page' : undefined}
            className={tab === name ? 'price-tab here' : 'price-tab'}
            onClick={() => change({ tab: name === 'rules' ? undefined : name })}
          >
            {label}
            {name === 'problems' && held > 0 ? <span className="price-tab-count num">{showCount(held)}</span> : null}
          </button>
        ))}
      </nav>
      <div className="screen-body">
        <div className="screen-list price-body" tabIndex={0} role="region" aria-label={tabs.find(([name]) => name === tab)?.[1]}>
          {tab === 'rules' ? (
            <Answered query={rules} what="The price rules" rows={8}>
              {(data) => (
                <Workbench key={`${data.live.version} ${data.draft?.version}`} given={data} mayWrite={mayWrite} now={now} onWhy={onWhy} />
              )}
            </Answered>
          ) : null}
          {tab === 'problems' ? <Problems onWhy={onWhy} mayWrite={mayWrite} /> : null}
          {tab === 'publications' ? <Publications now={now} mayWrite={mayWrite} /> : null}
          {tab === 'rates' ? <Rates mayWrite={mayWrite} /> : null}
        </div>
        {why.length === 2 ? <WhyPanel channel={why[0] ?? ''} sku={why[1] ?? ''} onClose={() => change({ why: undefined })} /> : null}
      </div>
    </div>
  );
}

const stateOf = ({ live, draft }: PricePolicies): string =>
  `${live.version === 0 ? 'Nothing is priced by rules yet' : `Version ${live.version} is live`}${draft ? `, version ${draft.version} is a draft` : ''}`;

interface WorkbenchProps {
  given: PricePolicies;
  mayWrite: boolean;
  now: string;
  onWhy: (channel: string, sku: string) => void;
}

/** The rules being changed on one side, their effect on the other. Nothing is written before it is saved or published. */
function Workbench({ given, mayWrite, now, onWhy }: WorkbenchProps) {
  const [policy, setPolicy] = useState<Policy>((given.draft ?? given.live).policy);
  const [open, setOpen] = useState<string | null>(null);
  const [publishing, setPublishing] = useState(false);
  const facets = useQuery(facetsQuery).data;
  const preview = usePreview(policy, open);
  const rule = policy.rules.find(({ id }) => id === open) ?? null;
  const add = (): void => {
    const made = newRule(new Set(policy.rules.map(({ id }) => id)), now || new Date().toISOString());
    setPolicy(replaced(policy, made));
    setOpen(made.id);
  };
  useKeys({ n: add, p: () => setPublishing(true), escape: () => setOpen(null) }, mayWrite);
  const won = new Map((preview.data?.rules ?? []).map(({ id, won: count }) => [id, count]));
  return (
    <div className="price-bench">
      <div className="price-side">
        <Tools policy={policy} would={preview.data?.would ?? null} mayWrite={mayWrite} onNew={add} onPublish={() => setPublishing(true)} />
        {policy.rules.length === 0 ? (
          <p className="dim">No rule yet. A rule says for which listings it is, and how their price follows from what they cost.</p>
        ) : (
          <RuleList rules={policy.rules} won={won} open={open} onOpen={setOpen} />
        )}
        {rule ? (
          <RuleEditor
            key={rule.id}
            rule={rule}
            facets={facets}
            currency={facets?.channels[0]?.currency ?? 'USD'}
            count={preview.data && !preview.isPlaceholderData ? countOf(preview.data, rule) : null}
            onChange={(next) => setPolicy(replaced(policy, next))}
            onRemove={() => {
              setPolicy(without(policy, rule.id));
              setOpen(null);
            }}
            onClose={() => {
              setPolicy(replaced(policy, named(rule)));
              setOpen(null);
            }}
          />
        ) : null}
        <details className="price-more">
          <summary>What holds for every rule</summary>
          <ShopSettings settings={policy.settings} facets={facets} onChange={(settings) => setPolicy({ ...policy, settings })} />
        </details>
      </div>
      <section className="price-effect" aria-label="What they would do" aria-busy={preview.isPlaceholderData || undefined}>
        {preview.error && !preview.data ? <Failed what="What they would do cannot be said." error={preview.error} /> : null}
        {preview.error && preview.data ? (
          <p className="tone-text-crit" role="alert">
            {preview.error.message}
          </p>
        ) : null}
        {preview.data ? <Effect of={preview.data} rule={rule?.name ?? ''} onWhy={onWhy} /> : preview.error ? null : <Skeleton rows={6} />}
      </section>
      {publishing ? (
        <PublishDialog policy={policy} now={now} onClose={() => setPublishing(false)} onPublished={() => setPublishing(false)} />
      ) : null}
    </div>
  );
}

/** A name of blanks is none. */
const named = (rule: Rule): Rule => changed(rule, { name: rule.name.trim() || idFor('Rule', new Set()) });

const countOf = (
  { rules, conflicts }: { rules: readonly { id: string; won: number }[]; conflicts: readonly { count: number }[] },
  { id }: Rule,
) => ({
  priced: rules.find((one) => one.id === id)?.won ?? 0,
  kept: conflicts.reduce((sum, { count }) => sum + count, 0),
});

interface ToolsProps {
  policy: Policy;
  would: number | null;
  mayWrite: boolean;
  onNew: () => void;
  onPublish: () => void;
}

function Tools({ policy, would, mayWrite, onNew, onPublish }: ToolsProps) {
  const [busy, setBusy] = useState(false);
  const reload = usePricesChanged();
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const done = await put<Done>('/pricing/draft', { policy });
      say(done.said);
      await reload();
    } catch (error) {
      sayFailure(error);
    } finally {
      setBusy(false);
    }
  };
  if (!mayWrite) return null;
  return (
    <div className="price-tools">
      <Button onClick={onNew} hint="N">
        New rule
      </Button>
      <Button busy={busy} onClick={() => void save()}>
        Save draft
      </Button>
      <Button kind="primary" hint="P" disabled={would === null} onClick={onPublish}>
        Publish {would === null ? '…' : counted(would, 'price')}
      </Button>
    </div>
  );
}
