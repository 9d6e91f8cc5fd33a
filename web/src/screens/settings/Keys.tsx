import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post, remove } from '../../api/client.ts';
import { keysQuery } from '../../api/queries.ts';
import type { KeyMade, KeyRow } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { TableBox } from '../../parts/Layout.tsx';
import { Answered } from '../../parts/States.tsx';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { Ago, Time } from '../../parts/Values.tsx';

/** Keys for scripts and other systems: shown once, never wider than who made them. */
export function Keys({ rights }: { rights: readonly string[] }) {
  const query = useQuery(keysQuery);
  const [making, setMaking] = useState(false);
  return (
    <>
      <Answered query={query} what="The keys" rows={2}>
        {({ data }) =>
          data.length === 0 ? <p className="dim">None yet. A key lets a script use the same API as this console.</p> : <Table keys={data} />
        }
      </Answered>
      {rights.includes('keys:write') ? (
        <div className="page-actions">
          <Button onClick={() => setMaking(true)}>Make a key</Button>
        </div>
      ) : null}
      <Make open={making} rights={rights} onClose={() => setMaking(false)} />
    </>
  );
}

function Table({ keys }: { keys: readonly KeyRow[] }) {
  const [leaving, setLeaving] = useState<KeyRow | null>(null);
  return (
    <>
      <TableBox label="API keys">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Key</th>
            <th scope="col">Rights</th>
            <th scope="col">Last used</th>
            <th scope="col">Expires</th>
            <th scope="col">
              <span className="hidden">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <td>{key.name}</td>
              <td>
                <code>{key.shown}</code>
              </td>
              <td className="dim">{key.scopes.join(', ')}</td>
              <td>{key.lastUsedAt ? <Ago at={key.lastUsedAt} /> : <span className="dim">never</span>}</td>
              <td>{key.expiresAt ? <Time at={key.expiresAt} /> : <span className="dim">never</span>}</td>
              <td className="end">
                <button type="button" className="gate-more" onClick={() => setLeaving(key)}>
                  Revoke
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </TableBox>
      {leaving ? <Revoke of={leaving} onClose={() => setLeaving(null)} /> : null}
    </>
  );
}

function Revoke({ of, onClose }: { of: KeyRow; onClose: () => void }) {
  const client = useQueryClient();
  const gone = useMutation({
    mutationFn: () => remove(`/keys/${of.id}`),
    onSuccess: () => {
      say(`The key "${of.name}" is revoked.`);
      onClose();
      void client.invalidateQueries({ queryKey: ['keys'] });
    },
    onError: sayFailure,
  });
  return (
    <Dialog open title={`Revoke ${of.name}?`} onClose={onClose}>
      <p className="dialog-body">What uses {of.shown} is refused within seconds. This cannot be undone; a new key can be made.</p>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Back</Button>
        <Button kind="danger" busy={gone.isPending} onClick={() => gone.mutate()}>
          Revoke key
        </Button>
      </footer>
    </Dialog>
  );
}

const isText = (value: FormDataEntryValue): value is string => typeof value === 'string';

function Make({ open, rights, onClose }: { open: boolean; rights: readonly string[]; onClose: () => void }) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (body: object) => post<KeyMade>('/keys', body),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  });
  const close = (): void => {
    onClose();
    make.reset();
  };
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = Number(form.get('days'));
    make.mutate({
      name: form.getAll('name').filter(isText).join('').trim(),
      scopes: form.getAll('scope').filter(isText),
      ...(days > 0 ? { expiresInDays: days } : {}),
    });
  };
  return (
    <Dialog open={open} title={make.data ? 'Keep this key now' : 'Make a key'} onClose={close}>
      {make.data ? (
        <Made made={make.data} onClose={close} />
      ) : (
        <form onSubmit={send}>
          <Fields rights={rights} problem={make.error?.message ?? ''} />
          <footer className="dialog-foot">
            <Button onClick={close}>Back</Button>
            <Button kind="primary" type="submit" busy={make.isPending}>
              Make key
            </Button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}

const Fields = ({ rights, problem }: { rights: readonly string[]; problem: string }) => (
  <div className="dialog-body">
    <label className="field">
      <span>What it is for</span>
      <input name="name" required maxLength={100} autoFocus />
    </label>
    <label className="field">
      <span>Expires after</span>
      <select name="days" defaultValue="90">
        <option value="30">30 days</option>
        <option value="90">90 days</option>
        <option value="365">1 year</option>
        <option value="0">Never</option>
      </select>
    </label>
    <fieldset className="choices choices-many">
      <legend>Rights</legend>
      {rights.map((right) => (
        <label key={right} className="choice">
          <input type="checkbox" name="scope" value={right} defaultChecked={right === 'orders:read'} />
          <code>{right}</code>
        </label>
      ))}
    </fieldset>
    {problem ? <p className="tone-text-crit">{problem}</p> : null}
  </div>
);

const Made = ({ made, onClose }: { made: KeyMade; onClose: () => void }) => (
  <>
    <div className="dialog-body">
      <p>It is shown this once; only its hash is kept.</p>
      <pre className="code" tabIndex={0} role="region" aria-label="The key">
        {made.key}
      </pre>
    </div>
    <footer className="dialog-foot">
      <Button onClick={() => void navigator.clipboard?.writeText(made.key).then(() => say('Copied.'), sayFailure)}>
        <Icon name="copy" />
        Copy
      </Button>
      <Button kind="primary" onClick={onClose}>
        I kept it
      </Button>
    </footer>
  </>
);
