import { useQuery } from '@tanstack/react-query';
import { arrivalQuery } from '../../api/queries.ts';
import type { ArrivalDetail } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Badge } from '../../parts/Badge.tsx';
import { Button } from '../../parts/Button.tsx';
import { showBytes } from '../../parts/format.ts';
import { Pairs, Section } from '../../parts/Layout.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import { wordOf } from '../../parts/status.ts';
import { Answered } from '../../parts/States.tsx';
import { pageOf, To } from '../../parts/To.tsx';
import { Time } from '../../parts/Values.tsx';
import { formOf, Shown } from '../purchases/DocumentView.tsx';

/** One arrival as it came: its head, its body, what became of it, and reading it once more. */
export function ArrivalPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(arrivalQuery(id));
  return (
    <SidePanel title={query.data?.name || 'Arrival'} label={`Arrival ${query.data?.name ?? ''}`} onClose={onClose}>
      <Answered query={query} what="The arrival" rows={8}>
        {(arrival) => <Inside arrival={arrival} />}
      </Answered>
    </SidePanel>
  );
}

function Inside({ arrival }: { arrival: ArrivalDetail }) {
  const act = useDo();
  const href = pageOf(arrival.source.kind, arrival.source.id);
  return (
    <>
      <p className="panel-facts">
        <Badge of="arrival" code={arrival.state} />
        <span className="dim num">{showBytes(arrival.bytes)}</span>
        <Button onClick={() => act({ path: `/arrivals/${arrival.id}/read-again`, label: 'Read again' })}>Read again</Button>
      </p>
      {arrival.note ? <p className={arrival.state === 'refused' ? 'arrival-note tone-text-crit' : 'arrival-note'}>{arrival.note}</p> : null}
      <Section title="About">
        <Pairs
          of={[
            { name: 'From', value: href ? <To href={href}>{arrival.source.name}</To> : arrival.source.name },
            { name: 'Kind', value: wordOf(arrival.kind) },
            { name: 'Object', value: arrival.object ? <code>{arrival.object}</code> : '' },
            { name: 'Received', value: <Time at={arrival.receivedAt} /> },
            arrival.again > 0 ? { name: 'Came again', value: `${arrival.again} times` } : null,
            arrival.again > 0 ? { name: 'Last', value: <Time at={arrival.lastAt} /> } : null,
          ]}
        />
      </Section>
      <Section title="Body">
        {arrival.isText ? <Body arrival={arrival} /> : <p className="dim">Not text, so it is not shown.</p>}
        {arrival.cut ? <p className="dim">Only the first 256 kB are shown.</p> : null}
      </Section>
      <Section title="Headers">
        <Pairs of={Object.entries(arrival.headers).map(([name, value]) => ({ name, value: <code>{value}</code> }))} />
      </Section>
    </>
  );
}

function Body({ arrival }: { arrival: ArrivalDetail }) {
  const form = formOf({ type: arrival.headers['content-type'] ?? '', name: arrival.name });
  return <Shown text={arrival.body} form={form === 'file' ? 'text' : form} name={`Body of ${arrival.name}`} />;
}
