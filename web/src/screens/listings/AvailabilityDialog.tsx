import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { put, Refused } from '../../api/client.ts';
import type { AvailabilityShown, Done } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Answered } from '../../parts/States.tsx';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { availabilityQuery } from './useListings.ts';

type Policy = AvailabilityShown['policy'];
type Buffer = Policy['buffer'];

/** How stock becomes the figure that a store shows; what a change would do stands below it before it is saved. */
export function AvailabilityDialog({ mayWrite, onClose }: { mayWrite: boolean; onClose: () => void }) {
  const query = useQuery(availabilityQuery);
  return (
    <Dialog open onClose={onClose} title="Availability" wide>
      <Answered query={query} what="The policy" rows={5}>
        {({ policy }) => <Editor before={policy} mayWrite={mayWrite} onClose={onClose} />}
      </Answered>
    </Dialog>
  );
}

function Editor({ before, mayWrite, onClose }: { before: Policy; mayWrite: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const [policy, setPolicy] = useState(before);
  const isSame = JSON.stringify(policy) === JSON.stringify(before);
  const effect = useEffectOf(policy, isSame);
  const set = (change: Partial<Policy>): void => setPolicy((now) => ({ ...now, ...change }));
  const save = async (): Promise<void> => {
    try {
      say((await put<Done>('/availability', { policy })).said);
      void client.invalidateQueries({ queryKey: ['listings'] });
      onClose();
    } catch (error) {
      sayFailure(error);
    }
  };
  return (
    <form
      className="listing-policy"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="dialog-body">
        <fieldset disabled={!mayWrite}>
          <Fields policy={policy} set={set} />
        </fieldset>
        <p className="listing-effect" role="status">
          {isSame ? 'Change something to see what it would do to every store.' : effect}
        </p>
      </div>
      <footer className="dialog-foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={!mayWrite || isSame}>
          Save
        </Button>
      </footer>
    </form>
  );
}

function Fields({ policy, set }: { policy: Policy; set: (change: Partial<Policy>) => void }) {
  return (
    <>
      <label>
        Several suppliers have it
        <select value={policy.combine} onChange={(event) => set({ combine: event.target.value as Policy['combine'] })}>
          <option value="best">the one with most counts</option>
          <option value="sum">all of them together</option>
          <option value="preferred">the first by rank counts</option>
        </select>
      </label>
      <BufferFields buffer={policy.buffer} onChange={(buffer) => set({ buffer })} />
      <NumberField label="Never show more than" unit="units" value={policy.cap} least={0} onChange={(cap) => set({ cap })} />
      <NumberField
        label="Believe a figure whole for"
        unit="hours"
        value={policy.wholeHours}
        least={1}
        onChange={(wholeHours) => set({ wholeHours })}
      />
      <NumberField
        label="Show none of it after"
        unit="hours"
        value={policy.noneHours}
        least={1}
        onChange={(noneHours) => set({ noneHours })}
      />
    </>
  );
}

function BufferFields({ buffer, onChange }: { buffer: Buffer; onChange: (buffer: Buffer) => void }) {
  const kinds: Record<Buffer['kind'], Buffer> = {
    fixed: { kind: 'fixed', units: 1 },
    percent: { kind: 'percent', percent: 10 },
    learned: { kind: 'learned' },
  };
  return (
    <div className="listing-pair">
      <label>
        Kept back
        <select value={buffer.kind} onChange={(event) => onChange(kinds[event.target.value as Buffer['kind']])}>
          <option value="fixed">so many units</option>
          <option value="percent">a share</option>
          <option value="learned">by how often the supplier was short</option>
        </select>
      </label>
      {buffer.kind === 'fixed' ? (
        <NumberField
          label="Units kept back"
          unit="units"
          value={buffer.units}
          least={0}
          onChange={(units) => onChange({ kind: 'fixed', units: units ?? 0 })}
        />
      ) : null}
      {buffer.kind === 'percent' ? (
        <NumberField
          label="Share kept back"
          unit="%"
          value={buffer.percent}
          least={0}
          onChange={(percent) => onChange({ kind: 'percent', percent: percent ?? 0 })}
        />
      ) : null}
    </div>
  );
}

interface NumberFieldProps {
  label: string;
  unit: string;
  /** Null is an empty field: no limit. */
  value: number | null;
  least: number;
  onChange: (value: number | null) => void;
}

const NumberField = ({ label, unit, value, least, onChange }: NumberFieldProps) => (
  <label>
    {label}
    <span className="listing-number">
      <input
        type="number"
        inputMode="numeric"
        min={least}
        value={value ?? ''}
        placeholder="no limit"
        onChange={(event) => onChange(event.target.value === '' ? null : Math.max(least, Math.trunc(Number(event.target.value))))}
      />
      <span className="dim">{unit}</span>
    </span>
  </label>
);

/** What the server says that it would do; asked anew with every change. */
function useEffectOf(policy: Policy, isSame: boolean): string {
  const query = useQuery({
    queryKey: ['listings', 'effect', policy],
    queryFn: () => put<Done>('/availability?dry_run=true', { policy }),
    enabled: !isSame,
    retry: false,
    gcTime: 0,
  });
  if (query.error) return query.error instanceof Refused ? `${query.error.message} ${query.error.fix ?? ''}` : 'It could not be tried.';
  return query.data?.said ?? 'Looking at every listing…';
}
