import { type KeyboardEvent, useState } from 'react';
import type { OrderDetail } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { modKey } from '../../parts/keys.ts';

/** A note stands in the timeline for all who work on the order; shoppers never see it. */
export function NoteDialog({ order, open, onClose }: { order: OrderDetail; open: boolean; onClose: () => void }) {
  const act = useDo();
  const [text, setText] = useState('');
  const write = (): void => {
    const said = text.trim();
    if (said === '') return;
    act({
      path: `/orders/${order.id}/note`,
      body: { text: said },
      label: 'Write note',
      after: () => {
        setText('');
        onClose();
      },
    });
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) write();
  };
  return (
    <Dialog open={open} title={`Note on order ${order.number}`} onClose={onClose}>
      <div className="dialog-body">
        <label className="field">
          <span>For all who work on it; shoppers never see it</span>
          <textarea rows={4} maxLength={4000} value={text} onChange={(event) => setText(event.target.value)} onKeyDown={press} autoFocus />
        </label>
      </div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Back</Button>
        <Button kind="primary" hint={`${modKey}Enter`} disabled={text.trim() === ''} onClick={write}>
          Write note
        </Button>
      </footer>
    </Dialog>
  );
}
