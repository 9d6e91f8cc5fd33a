import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { counted, showCount } from '../../parts/format.ts';
import { Answered } from '../../parts/States.tsx';
import { sampleQuery, useDecide } from './useMatches.ts';
import { differing, keyOf, ruleWords } from './words.ts';

export interface Group {
  certainty: string;
  rule: string;
  count: number;
}

interface Props {
  certainty: 'exact' | 'likely' | 'possible';
  groups: readonly Group[];
  rule: string | undefined;
  mayWrite: boolean;
  onRule: (rule: string | undefined) => void;
  onApproved: () => void;
}

/** By the rule that found them: looked at one by one, or approved as a whole after five of them were seen. */
export function Groups({ certainty, groups, rule, mayWrite, onRule, onApproved }: Props) {
  const [asked, setAsked] = useState(false);
  const chosen = groups.filter((group) => rule === undefined || group.rule === rule);
  const total = chosen.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className="match-groups">
      <div className="views" role="group" aria-label="Found by">
        <button type="button" className="view" aria-pressed={rule === undefined} onClick={() => onRule(undefined)}>
          All
        </button>
        {groups.map((group) => (
          <button
            key={group.rule}
            type="button"
            className="view"
            aria-pressed={rule === group.rule}
            onClick={() => onRule(rule === group.rule ? undefined : group.rule)}
          >
            {ruleWords[group.rule] ?? group.rule} <span className="num">{showCount(group.count)}</span>
          </button>
        ))}
      </div>
      <Button kind="primary" disabled={!mayWrite || total === 0} onClick={() => setAsked(true)}>
        Approve {showCount(total)} {certainty}
      </Button>
      {asked ? (
        <SampleDialog
          certainty={certainty}
          rule={rule}
          total={total}
          onClose={() => setAsked(false)}
          onApproved={() => {
            setAsked(false);
            onApproved();
          }}
        />
      ) : null}
    </div>
  );
}

interface SampleProps {
  certainty: 'exact' | 'likely' | 'possible';
  rule: string | undefined;
  total: number;
  onClose: () => void;
  onApproved: () => void;
}

function SampleDialog({ certainty, rule, total, onClose, onApproved }: SampleProps) {
  const of = { certainty, ...(rule === undefined ? {} : { rule }) };
  const sample = useQuery(sampleQuery(of));
  const decide = useDecide();
  const [busy, setBusy] = useState(false);
  const approve = async (): Promise<void> => {
    setBusy(true);
    const isDone = await decide('/matches/approve-group', { ...of, expected: total }, onApproved);
    setBusy(false);
    if (isDone) onApproved();
  };
  return (
    <Dialog open title={`Approve ${counted(total, `${certainty} match`, `${certainty} matches`)}`} onClose={onClose} wide>
      <div className="dialog-body">
        <p className="dim">{total > 5 ? 'Five of them, from all over the group:' : 'These are they:'}</p>
        <Answered query={sample} what="The sample" rows={5}>
          {({ data }) => (
            <ul className="match-sample">
              {data.map((card) => (
                <li key={keyOf(card)}>
                  <span>
                    {differing(card.variant.title, card.offer.title).map(({ text, differs }, at) =>
                      differs ? <mark key={at}>{text}</mark> : text,
                    )}
                  </span>
                  <span>
                    {differing(card.offer.title, card.variant.title).map(({ text, differs }, at) =>
                      differs ? <mark key={at}>{text}</mark> : text,
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Answered>
        <p className="dim">
          Offers that are matched already, or fit two variants, are left out. For fifteen minutes all of it can be taken back.
        </p>
      </div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Back</Button>
        <Button kind="primary" busy={busy} onClick={() => void approve()}>
          Approve {showCount(total)}
        </Button>
      </footer>
    </Dialog>
  );
}
