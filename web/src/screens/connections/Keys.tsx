import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { patch } from '../../api/client.ts';
import { storeKindsQuery } from '../../api/queries.ts';
import type { ChannelDetail, Done, StoreKindRow } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { say } from '../../parts/toasts.tsx';
import { KindFields, KindHelp } from './KindParts.tsx';
import { fieldsOf, readForm } from './typed.ts';

/** Gives a connected shop other keys, or another address; what stays empty stays as it is. */
export function Keys({ channel }: { channel: ChannelDetail }) {
  const [open, setOpen] = useState(false);
  const kinds = useQuery({ ...storeKindsQuery, enabled: open });
  const kind = kinds.data?.data.find((one) => one.kind === channel.kind);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Change its keys</Button>
      <Dialog open={open && kind !== undefined} title={`Keys of ${channel.name}`} onClose={() => setOpen(false)}>
        {kind ? <Form channel={channel} kind={kind} onClose={() => setOpen(false)} /> : null}
      </Dialog>
    </>
  );
}

function Form({ channel, kind, onClose }: { channel: ChannelDetail; kind: StoreKindRow; onClose: () => void }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (fields: Record<string, string>) => patch<Done>(`/channels/${channel.id}`, { fields }),
    onSuccess: async (done) => {
      say(done.said);
      onClose();
      await client.invalidateQueries({ queryKey: ['channels'] });
    },
  });
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    change.mutate(fieldsOf(kind, readForm(event.currentTarget)));
  };
  return (
    <form onSubmit={send}>
      <div className="dialog-body">
        <KindFields kind={kind} known />
        <KindHelp kind={kind} />
        {change.error ? <p className="tone-text-crit">{change.error.message}</p> : null}
      </div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Back</Button>
        <Button kind="primary" type="submit" busy={change.isPending}>
          Change
        </Button>
      </footer>
    </form>
  );
}
