import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type RefObject, useRef, useState } from 'react';
import { post } from '../../api/client.ts';
import { storeKindsQuery } from '../../api/queries.ts';
import type { Done, StoreKindRow, StoreLook } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Pairs } from '../../parts/Layout.tsx';
import { wordOf } from '../../parts/status.ts';
import { Answered } from '../../parts/States.tsx';
import { KindFields, KindHelp, Look } from './KindParts.tsx';
import { bodyOf, readForm, shortOf } from './typed.ts';

/** Connects a shop: what is typed can be looked at first; what its kind cannot be told by API is shown this once. */
export function Connect() {
  const [open, setOpen] = useState(false);
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (body: object) => post<Done>('/channels', body),
    onSuccess: async (done) => {
      await client.invalidateQueries({ queryKey: ['channels'] });
      if (!done.more) close();
    },
  });
  const close = (): void => {
    setOpen(false);
    make.reset();
  };
  const kinds = useQuery({ ...storeKindsQuery, enabled: open });
  return (
    <>
      <Button onClick={() => setOpen(true)}>Connect a shop</Button>
      <Dialog open={open} title={make.data ? 'Connected' : 'Connect a shop'} onClose={close} wide>
        {make.data?.more ? (
          <Made done={make.data} onClose={close} />
        ) : (
          <Answered query={kinds} what="The kinds of shops" rows={4}>
            {({ data }) => (
              <Form kinds={data} busy={make.isPending} problem={make.error?.message ?? ''} onSend={make.mutate} onClose={close} />
            )}
          </Answered>
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

/** Looks at the shop with what is typed, and fills in what the shop says of itself. */
const useLook = (form: RefObject<HTMLFormElement | null>) =>
  useMutation({
    mutationFn: (body: object) => post<StoreLook>('/channels/probe', body),
    onSuccess: (found) => {
      const fill = (name: string, value: string): void => {
        const input = form.current?.elements.namedItem(name);
        if (input instanceof HTMLInputElement && value !== '' && (input.value === '' || name === 'currency')) input.value = value;
      };
      fill('currency', found.currency);
      fill('name', found.name);
    },
  });

interface FormProps {
  kinds: readonly StoreKindRow[];
  busy: boolean;
  problem: string;
  onSend: (body: object) => void;
  onClose: () => void;
}
function Form({ kinds, busy, problem, onSend, onClose }: FormProps) {
  const [kind, setKind] = useState(kinds[0]?.kind ?? 'csv');
  const form = useRef<HTMLFormElement>(null);
  const shown = kinds.find((one) => one.kind === kind);
  const look = useLook(form);
  const typed = () => (form.current && shown ? bodyOf(shown, readForm(form.current)) : null);
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = readForm(event.currentTarget);
    onSend(shown ? bodyOf(shown, given) : { kind, name: given['name'], code: shortOf(given['name'] ?? ''), currency: given['currency'] });
  };
  const lookNow = (): void => {
    const body = typed();
    if (body && form.current?.reportValidity()) look.mutate({ kind: body.kind, currency: body.currency || 'USD', fields: body.fields });
  };
  return (
    <form ref={form} onSubmit={send}>
      <div className="dialog-body">
        <label className="field">
          <span>Kind of shop</span>
          <select
            name="kind"
            value={kind}
            autoFocus
            onChange={(event) => {
              setKind(event.target.value);
              look.reset();
            }}
          >
            {kinds.map((one) => (
              <option key={one.kind} value={one.kind}>
                {one.name}
              </option>
            ))}
            <option value="csv">CSV files</option>
          </select>
        </label>
        {shown ? <KindFields key={kind} kind={shown} /> : null}
        {shown ? <KindHelp kind={shown} /> : null}
        <div className="field-pair">
          <label className="field">
            <span>Name</span>
            <input name="name" maxLength={200} required={!shown} />
          </label>
          <label className="field">
            <span>Currency, such as USD</span>
            <input name="currency" required pattern="[A-Z]{3}" maxLength={3} defaultValue="USD" />
          </label>
        </div>
        {shown ? <History /> : null}
        {look.data ? <Look found={look.data} /> : null}
        {look.error ? <p className="tone-text-crit">{look.error.message}</p> : null}
        {problem ? <p className="tone-text-crit">{problem}</p> : null}
      </div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Back</Button>
        {shown ? (
          <Button onClick={lookNow} busy={look.isPending}>
            Look first
          </Button>
        ) : null}
        <Button kind="primary" type="submit" busy={busy}>
          Connect
        </Button>
      </footer>
    </form>
  );
}

/** What is done about orders that are there already. */
const History = () => (
  <div className="field-pair">
    <label className="field">
      <span>Read orders changed in the last</span>
      <select name="since" defaultValue="60">
        <option value="1">day</option>
        <option value="30">30 days</option>
        <option value="60">60 days</option>
        <option value="">All there are</option>
      </select>
    </label>
    <label className="field">
      <span>Orders of before now, not shipped yet</span>
      <select name="history" defaultValue="hold">
        <option value="hold">are held for me to release</option>
        <option value="act">are ordered from suppliers at once</option>
      </select>
    </label>
  </div>
);
