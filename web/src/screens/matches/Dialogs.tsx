import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { MatchRow, UnmatchedRow } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Money } from '../../parts/Values.tsx';
import { variantsQuery } from './useMatches.ts';

interface FormProps {
  title: string;
  act: string;
  disabled?: boolean;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}

const FormDialog = ({ title, act, disabled = false, onClose, onSubmit, children }: FormProps) => (
  <Dialog open title={title} onClose={onClose}>
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!disabled) onSubmit();
      }}
    >
      <div className="dialog-body match-form">{children}</div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Back</Button>
        <Button kind="primary" type="submit" disabled={disabled}>
          {act}
        </Button>
      </footer>
    </form>
  </Dialog>
);

/** How many of ours are in one of theirs; approving follows. */
export function UnitsDialog({ card, onClose, onUnits }: { card: MatchRow; onClose: () => void; onUnits: (units: number) => void }) {
  const [ours = 1, theirs = 1] = card.evidence.pack ?? [];
  const guess = card.unitsPerOffer > 1 ? card.unitsPerOffer : theirs % ours === 0 ? theirs / ours : 1;
  const [units, setUnits] = useState(String(Math.max(1, guess)));
  const value = Number(units);
  const isGood = Number.isInteger(value) && value >= 1 && value <= 10_000;
  return (
    <FormDialog
      title="Pack ratio"
      act={`Approve, 1 = ${isGood ? value : '?'}`}
      disabled={!isGood}
      onClose={onClose}
      onSubmit={() => onUnits(value)}
    >
      <label className="field">
        <span>Units of ours in one of theirs</span>
        <input className="input num" inputMode="numeric" value={units} onChange={(event) => setUnits(event.target.value)} />
      </label>
      <p className="dim">
        Ours says {ours}, theirs says {theirs}. Of an offer sold in packs, only whole packs can be ordered.
      </p>
    </FormDialog>
  );
}

/** Another variant than the one that was found. */
export function SearchDialog({ title, onClose, onPick }: { title: string; onClose: () => void; onPick: (variant: string) => void }) {
  const [q, setQ] = useState('');
  const found = useQuery(variantsQuery(q));
  return (
    <Dialog open title="Which variant is it?" onClose={onClose} wide>
      <div className="dialog-body match-form">
        <p className="dim">{title}</p>
        <label className="field">
          <span>SKU, GTIN or words of the title</span>
          <input className="input" value={q} onChange={(event) => setQ(event.target.value)} />
        </label>
        <ul className="match-found" aria-label="Variants found">
          {(found.data?.data ?? []).map((one) => (
            <li key={one.id}>
              <button type="button" className="match-pick" onClick={() => onPick(one.id)}>
                <strong>{one.sku}</strong> <span>{one.title}</span> <Money of={one.price} />
              </button>
            </li>
          ))}
        </ul>
        {q.trim() !== '' && found.data?.data.length === 0 ? <p className="dim">We sell nothing like that.</p> : null}
      </div>
    </Dialog>
  );
}

export function CreateDialog({
  offer,
  onClose,
  onCreate,
}: {
  offer: Pick<UnmatchedRow, 'sku' | 'title'>;
  onClose: () => void;
  onCreate: (given: { sku: string; title: string }) => void;
}) {
  const [sku, setSku] = useState(offer.sku);
  const [title, setTitle] = useState(offer.title);
  const isGood = sku.trim() !== '' && title.trim() !== '';
  return (
    <FormDialog
      title="A variant of this offer"
      act="Create and match"
      disabled={!isGood}
      onClose={onClose}
      onSubmit={() => onCreate({ sku: sku.trim(), title: title.trim() })}
    >
      <label className="field">
        <span>Our SKU</span>
        <input className="input" value={sku} onChange={(event) => setSku(event.target.value)} />
      </label>
      <label className="field">
        <span>Title</span>
        <input className="input" value={title} onChange={(event) => setTitle(event.target.value)} />
      </label>
      <p className="dim">Brand, GTIN and maker’s number are taken from the offer. It has no price yet.</p>
    </FormDialog>
  );
}
