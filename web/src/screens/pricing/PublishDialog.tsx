import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import type { Done, PricePreview } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { counted } from '../../parts/format.ts';
import { Skeleton } from '../../parts/States.tsx';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { heldWords, nextHour, type Policy } from './draft.ts';
import { usePricesChanged } from './usePricing.ts';

interface Props {
  policy: Policy;
  /** The program's time. */
  now: string;
  onClose: () => void;
  onPublished: () => void;
}

type When = 'now' | 'night' | 'new';

/** The very prices that will be published are decided and kept first; what is published is that, or less. */
export function PublishDialog({ policy, now, onClose, onPublished }: Props) {
  const [when, setWhen] = useState<When>('now');
  const [anyway, setAnyway] = useState(false);
  const changed = usePricesChanged();
  const kept = useQuery({
    queryKey: ['trial', 'prices', policy],
    queryFn: () => post<PricePreview>('/pricing/preview', { policy, keep: true }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const preview = kept.data;
  const night = nextHour(now, 3, policy.settings.timeZone);
  const publish = useMutation({
    mutationFn: (of: PricePreview) =>
      post<Done>('/pricing/publish', {
        preview: of.id,
        inputs: of.inputs,
        ...(when === 'night' ? { at: night } : {}),
        ...(when === 'new' ? { only: 'new' } : {}),
        ...(anyway ? { anyway } : {}),
      }),
    onSuccess: (done) => {
      say(done.said, { undo: () => void takeBack(done.id ?? '', changed) });
      onPublished();
      void changed();
    },
    onError: sayFailure,
  });
  const count = preview ? (when === 'new' ? preview.fresh : preview.would) : 0;
  return (
    <Dialog open title="Publish prices" onClose={onClose}>
      <div className="dialog-body">
        {kept.isPending ? <Skeleton rows={3} height={24} /> : null}
        {kept.error ? <p className="tone-text-crit">{kept.error.message}</p> : null}
        {preview ? (
          <Sure preview={preview} when={when} onWhen={setWhen} zone={policy.settings.timeZone} anyway={anyway} onAnyway={setAnyway} />
        ) : null}
      </div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Back</Button>
        <Button
          kind="primary"
          busy={publish.isPending}
          disabled={!preview || publish.isPending || (preview.tooManyBelowFloor && !anyway)}
          onClick={() => preview && publish.mutate(preview)}
        >
          {when === 'night' ? 'Schedule' : 'Publish'} {counted(count, 'price')}
        </Button>
      </footer>
    </Dialog>
  );
}

export async function takeBack(id: string, then: () => Promise<void>): Promise<void> {
  try {
    const done = await post<Done>(`/pricing/publications/${id}/undo`);
    say(done.said);
    await then();
  } catch (error) {
    sayFailure(error);
  }
}

interface SureProps {
  preview: PricePreview;
  when: When;
  onWhen: (when: When) => void;
  zone: string;
  anyway: boolean;
  onAnyway: (anyway: boolean) => void;
}

function Sure({ preview, when, onWhen, zone, anyway, onAnyway }: SureProps) {
  const choices: [When, string][] = [
    ['now', 'Now'],
    ['night', `Tonight at 03:00 (${zone})`],
    ['new', `New items only: ${counted(preview.fresh, 'listing')} without a price`],
  ];
  return (
    <>
      <p>
        {counted(preview.would, 'price')} change: {preview.up} up, {preview.down} down, {preview.fresh} for the first time. The rules become
        the live ones.
      </p>
      {preview.mapBlocked > 0 ? (
        <p className="tone-text-risk">
          {preview.mapBlocked} blocked by the advertised floor:{' '}
          {preview.mapExamples
            .slice(0, 6)
            .map(({ sku }) => sku)
            .join(', ')}
          {preview.mapBlocked > 6 ? ' …' : ''}
        </p>
      ) : null}
      {preview.held.map(({ why, count }) => (
        <p key={why} className="dim">
          {counted(count, 'listing keeps', 'listings keep')} its price: {heldWords[why] ?? why}.
        </p>
      ))}
      <fieldset className="choices">
        <legend>When</legend>
        {choices.map(([value, label]) => (
          <label key={value} className="choice">
            <input type="radio" name="when" checked={when === value} onChange={() => onWhen(value)} />
            {label}
          </label>
        ))}
      </fieldset>
      {preview.tooManyBelowFloor ? (
        <label className="choice tone-text-risk">
          <input type="checkbox" checked={anyway} onChange={(event) => onAnyway(event.target.checked)} />
          Many would fall below their floor and are lifted to it. Publish anyway
        </label>
      ) : null}
      <p className="dim">It can be taken back for 15 minutes.</p>
    </>
  );
}
