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

/** What is asked before a card is decided. */
type Asking = 'units' | 'search' | 'create' | null;

const pair = (of: MatchRow, more: object = {}) => ({ offer: of.offer.id, variant: of.variant.id, ...more });

/** One card at a time, decided by one key; the next is there before the answer of the last. */
export function Review({ certainty, rule, total, mayWrite }: Props) {
  const { query, cards, take, skip } = useQueue({
    certainty,
    state: certainty === 'conflict' ? 'suggested,broken' : 'suggested',
    ...(rule === undefined ? {} : { rule }),
  });
  const decide = useDecide();
  const [dialog, setDialog] = useState<Asking>(null);
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
            <Acts mayWrite={mayWrite} onApprove={on(approve)} onReject={on(reject)} onSkip={on(skip)} onDialog={setDialog} />
            <p className="match-next dim">
              {cards.length > 1 ? `Then: ${cards[1]?.offer.title || cards[1]?.offer.sku}` : 'This is the last one.'}
            </p>
            <Asked dialog={dialog} card={card} onClose={() => setDialog(null)} onDecided={(path, body) => void send(path, body, card)} />
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

interface ActsProps {
  mayWrite: boolean;
  onApprove(): void;
  onReject(): void;
  onSkip(): void;
  onDialog(asking: Asking): void;
}

/** What can be done with the card, each with its key. */
function Acts({ mayWrite, onApprove, onReject, onSkip, onDialog }: ActsProps) {
  return (
    <div className="match-acts" role="group" aria-label="Decide">
      <Button kind="primary" hint="Y" disabled={!mayWrite} onClick={onApprove}>
        Approve
      </Button>
      <Button hint="N" disabled={!mayWrite} onClick={onReject}>
        Reject for good
      </Button>
      <Button hint="S" onClick={onSkip}>
        Skip
      </Button>
      <Button hint="U" disabled={!mayWrite} onClick={() => onDialog('units')}>
        Pack ratio
      </Button>
      <Button hint="/" disabled={!mayWrite} onClick={() => onDialog('search')}>
        Another variant
      </Button>
      <Button hint="C" disabled={!mayWrite} onClick={() => onDialog('create')}>
        Create variant
      </Button>
      <Button kind="quiet" hint="Z" disabled={!mayWrite} onClick={takeBackLatest}>
        Undo
      </Button>
    </div>
  );
}

interface AskedProps {
  dialog: Asking;
  card: MatchRow;
  onClose(): void;
  onDecided(path: string, body: unknown): void;
}

/** The question that stands open, if one does; its answer decides the card. */
function Asked({ dialog, card, onClose, onDecided }: AskedProps) {
  const decided = (path: string, body: unknown): void => {
    onClose();
    onDecided(path, body);
  };
  if (dialog === 'units') {
    return (
      <UnitsDialog
        card={card}
        onClose={onClose}
        onUnits={(unitsPerOffer) => decided('/matches/approve', { pairs: [pair(card, { unitsPerOffer })] })}
      />
    );
  }
  if (dialog === 'search') {
    return (
      <SearchDialog
        title={card.offer.title}
        onClose={onClose}
        onPick={(variant) => decided('/matches/approve', { pairs: [{ offer: card.offer.id, variant }] })}
      />
    );
  }
  if (dialog === 'create') {
    return (
      <CreateDialog
        offer={card.offer}
        onClose={onClose}
        onCreate={(given) => decided('/matches/create', { offer: card.offer.id, ...given })}
      />
    );
  }
  return null;
}
