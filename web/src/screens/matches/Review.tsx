import { useState } from 'react';
import type { MatchRow } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { counted, showCount } from '../../parts/format.ts';
import { useKeys } from '../../parts/keys.ts';
import { Answered, Empty } from '../../parts/States.tsx';
import { Card } from './Card.tsx';
import { CreateDialog, SearchDialog, UnitsDialog } from './Dialogs.tsx';
import { takeBackLatest, useDecide, useQueue } from './useMatches.ts';
import { keyOf } from './words.ts';

interface Props {
  certainty: string;
  rule: string | undefined;
  /** How many there are in all. */
  total: number;
  mayWrite: boolean;
}

/** One card at a time, decided by one key; the next is there before the answer of the last. */
export function Review({ certainty, rule, total, mayWrite }: Props) {
  const { query, cards, take, skip } = useQueue({
    certainty,
    state: certainty === 'conflict' ? 'suggested,broken' : 'suggested',
    ...(rule === undefined ? {} : { rule }),
  });
  const decide = useDecide();
  const [dialog, setDialog] = useState<'units' | 'search' | 'create' | null>(null);
  const [done, setDone] = useState(0);
  const card = cards[0];

  const send = async (path: string, body: unknown, of: MatchRow): Promise<void> => {
    const back = take(of);
    setDone((before) => before + 1);
    const undone = (): void => {
      back();
      setDone((before) => before - 1);
    };
    if (!(await decide(path, body, undone))) undone();
  };
  const pair = (of: MatchRow, more: object = {}) => ({ offer: of.offer.id, variant: of.variant.id, ...more });
  const approve = (of: MatchRow): void => {
    // Whether six of ours or one is in it is for a person to say, not for a key pressed in passing.
    if (of.warnings.includes('pack') && of.unitsPerOffer === 1) setDialog('units');
    else void send('/matches/approve', { pairs: [pair(of)] }, of);
  };
  const reject = (of: MatchRow): void => void send('/matches/reject', { pairs: [pair(of)] }, of);
  const on = (act: (of: MatchRow) => void) => () => card && act(card);
  useKeys(
    {
      y: on(approve),
      n: on(reject),
      s: on(skip),
      u: on(() => setDialog('units')),
      '/': on(() => setDialog('search')),
      c: on(() => setDialog('create')),
      z: takeBackLatest,
    },
    mayWrite && dialog === null,
  );
  return (
    <Answered query={query} what="The matches" rows={6}>
      {() =>
        card ? (
          <>
            <Card key={keyOf(card)} card={card} position={`${showCount(done + 1)} of ${showCount(Math.max(total, cards.length) + done)}`} />
            <div className="match-acts" role="group" aria-label="Decide">
              <Button kind="primary" hint="Y" disabled={!mayWrite} onClick={() => approve(card)}>
                Approve
              </Button>
              <Button hint="N" disabled={!mayWrite} onClick={() => reject(card)}>
                Reject for good
              </Button>
              <Button hint="S" onClick={() => skip(card)}>
                Skip
              </Button>
              <Button hint="U" disabled={!mayWrite} onClick={() => setDialog('units')}>
                Pack ratio
              </Button>
              <Button hint="/" disabled={!mayWrite} onClick={() => setDialog('search')}>
                Another variant
              </Button>
              <Button hint="C" disabled={!mayWrite} onClick={() => setDialog('create')}>
                Create variant
              </Button>
              <Button kind="quiet" hint="Z" disabled={!mayWrite} onClick={takeBackLatest}>
                Undo
              </Button>
            </div>
            <p className="match-next dim">
              {cards.length > 1 ? `Then: ${cards[1]?.offer.title || cards[1]?.offer.sku}` : 'This is the last one.'}
            </p>
            {dialog === 'units' ? (
              <UnitsDialog
                card={card}
                onClose={() => setDialog(null)}
                onUnits={(unitsPerOffer) => {
                  setDialog(null);
                  void send('/matches/approve', { pairs: [pair(card, { unitsPerOffer })] }, card);
                }}
              />
            ) : null}
            {dialog === 'search' ? (
              <SearchDialog
                title={card.offer.title}
                onClose={() => setDialog(null)}
                onPick={(variant) => {
                  setDialog(null);
                  void send('/matches/approve', { pairs: [{ offer: card.offer.id, variant }] }, card);
                }}
              />
            ) : null}
            {dialog === 'create' ? (
              <CreateDialog
                offer={card.offer}
                onClose={() => setDialog(null)}
                onCreate={(given) => {
                  setDialog(null);
                  void send('/matches/create', { offer: card.offer.id, ...given }, card);
                }}
              />
            ) : null}
          </>
        ) : (
          <Empty title={done > 0 ? `${counted(done, 'match', 'matches')} decided` : 'Nothing here'}>
            {certainty === 'exact'
              ? 'Exact matches are those whose codes agree and that nothing speaks against.'
              : 'What offers may be comes here when feeds bring new ones.'}
          </Empty>
        )
      }
    </Answered>
  );
}
