import { type FormEvent, useState } from 'react';
import type { VariantDetail } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { type RowError, useEdit } from './useCatalog.ts';
import { fieldNames, fields } from './words.ts';

/** All values of one variant, each with its lock; what cannot be taken says why beside it. */
export function EditDialog({ variant, onClose }: { variant: VariantDetail; onClose: () => void }) {
  const edit = useEdit();
  const [cells, setCells] = useState<Readonly<Record<string, string>>>(variant.cells);
  const [locked, setLocked] = useState<readonly string[]>(variant.locked);
  const [errors, setErrors] = useState<readonly RowError[]>([]);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const changed = Object.fromEntries(Object.entries(cells).filter(([field, text]) => variant.cells[field] !== text));
    const locks = locked.join() === variant.locked.join() ? {} : { locked };
    const answer = await edit([{ sku: variant.sku, fields: changed, ...locks }]);
    if (answer && answer.errors.length === 0) onClose();
    else setErrors(answer?.errors ?? []);
  };
  const toggle = (field: string): void =>
    setLocked((before) => (before.includes(field) ? before.filter((one) => one !== field) : [...before, field]));
  return (
    <Dialog open title={`Edit ${variant.sku}`} onClose={onClose} wide>
      <form onSubmit={(event) => void save(event)}>
        <div className="dialog-body variant-form">
          {fields.map((field) => {
            const error = errors.find((one) => one.field === field);
            return (
              <div key={field} className="variant-field">
                <label htmlFor={`edit-${field}`}>{fieldNames[field]}</label>
                <input
                  id={`edit-${field}`}
                  value={cells[field] ?? ''}
                  maxLength={5_000}
                  aria-invalid={error !== undefined}
                  onChange={(event) => setCells({ ...cells, [field]: event.target.value })}
                />
                <label className="variant-lock">
                  <input type="checkbox" checked={locked.includes(field)} onChange={() => toggle(field)} /> locked
                </label>
                {error ? (
                  <p className="tone-text-crit variant-error" role="alert">
                    {error.why}
                  </p>
                ) : null}
              </div>
            );
          })}
        </div>
        <footer className="dialog-foot">
          <Button onClick={onClose}>Back</Button>
          <Button kind="primary" type="submit">
            Save
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
