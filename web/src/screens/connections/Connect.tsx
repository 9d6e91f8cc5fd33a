import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client.ts';
import type { Done } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Pairs } from '../../parts/Layout.tsx';
import { wordOf } from '../../parts/status.ts';

const codeOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);

/** Connects a shop; its hook address and secret are shown this once. */
export function Connect() {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (body: Record<string, string>) => post<Done>('/channels', body),
    onSuccess: () => client.invalidateQueries({ queryKey: ['channels'] }),
  });
  const close = (): void => {
    setOpen(false);
    make.reset();
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>Connect a shop</Button>
      <Dialog open={open} title={make.data ? 'Connected' : 'Connect a shop'} onClose={close}>
        {make.data ? (
          <Made done={make.data} onClose={close} />
        ) : (
          <Form busy={make.isPending} problem={make.error?.message ?? ''} onSend={make.mutate} onClose={close} />
        )}
      </Dialog>
    </>
  );
}

const Made = ({ done, onClose }: { done: Done; onClose: () => void }) => (
  <>
    <div className="dialog-body">
      <p>{done.said} The following is shown this once:</p>
      <Pairs of={Object.entries(done.more ?? {}).map(([name, value]) => ({ name: wordOf(name), value: <code>{String(value)}</code> }))} />
    </div>
    <footer className="dialog-foot">
      <Button kind="primary" onClick={onClose}>
        I kept it
      </Button>
    </footer>
  </>
);

interface FormProps {
  busy: boolean;
  problem: string;
  onSend: (body: Record<string, string>) => void;
  onClose: () => void;
}
function Form({ busy, problem, onSend, onClose }: FormProps) {
  const [kind, setKind] = useState('rest');
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = Object.fromEntries(
      [...new FormData(event.currentTarget)]
        .map(([name, value]) => [name, typeof value === 'string' ? value.trim() : ''])
        .filter(([, value]) => value !== ''),
    );
    onSend({ ...given, code: codeOf(given['name'] ?? '') });
  };
  return (
    <form onSubmit={send}>
      <div className="dialog-body">
        <label className="field">
          <span>Name</span>
          <input name="name" required maxLength={200} autoFocus />
        </label>
        <label className="field">
          <span>Orders come by</span>
          <select name="kind" value={kind} onChange={(event) => setKind(event.target.value)}>
            <option value="rest">Store API</option>
            <option value="csv">CSV files</option>
          </select>
        </label>
        <label className="field">
          <span>Currency, such as USD</span>
          <input name="currency" required pattern="[A-Z]{3}" maxLength={3} defaultValue="USD" />
        </label>
        {kind === 'rest' ? (
          <>
            <label className="field">
              <span>Address of the store's API</span>
              <input name="url" type="url" required placeholder="https://" />
            </label>
            <label className="field">
              <span>Its token; kept sealed, never shown again</span>
              <input name="token" type="password" autoComplete="off" required />
            </label>
          </>
        ) : null}
        {problem ? <p className="tone-text-crit">{problem}</p> : null}
      </div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Back</Button>
        <Button kind="primary" type="submit" busy={busy}>
          Connect
        </Button>
      </footer>
    </form>
  );
}
