import { useState } from 'react';
import type { FeedRunDetail } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { showCount } from '../../parts/format.ts';

const parts = [
  ['stock', 'Stock', 'stock'],
  ['cost', 'Cost', 'cost'],
  ['texts', 'Titles, brands and codes', 'title'],
  ['fresh', 'New offers', 'new'],
  ['gone', 'What is no longer in it', 'gone'],
  ['flagged', 'Rows the guards point at', 'flagged'],
] as const;

/** Whole, or what of it is ticked; the effect is tried on the server first. */
export function ReleaseDialog({ run, onClose }: { run: FeedRunDetail; onClose: () => void }) {
  const act = useDo();
  const [taken, setTaken] = useState<Readonly<Record<string, boolean>>>({});
  const left = parts.filter(([key]) => taken[key] === false);
  const none = parts.slice(0, 5).every(([key]) => taken[key] === false);
  const release = (): void => {
    onClose();
    act({
      path: `/feed-runs/${run.id}/release`,
      body: left.length === 0 ? {} : { part: Object.fromEntries(left.map(([key]) => [key, false])) },
      label: left.length === 0 ? 'Apply all of it' : 'Apply the part',
      ask: true,
    });
  };
  return (
    <Dialog open title={`Release ${run.name}`} onClose={onClose}>
      <div className="dialog-body">
        <p>What of it is applied? What is left out stays as it was, and the next file is looked at anew.</p>
        {parts.map(([key, label, count]) => (
          <label key={key} className="feed-check">
            <input
              type="checkbox"
              checked={taken[key] !== false}
              onChange={(event) => setTaken({ ...taken, [key]: event.target.checked })}
            />
            <span>{label}</span>
            <span className="num dim">
              {showCount(count === 'new' || count === 'gone' ? (run.rows[count] ?? 0) : (run.counts[count] ?? 0))}
            </span>
          </label>
        ))}
      </div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Back</Button>
        <Button kind="primary" disabled={none} onClick={release}>
          {left.length === 0 ? 'Release all of it' : 'Release the part'}
        </Button>
      </footer>
    </Dialog>
  );
}
