import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { patch } from '../../api/client.ts';
import { channelQuery, meQuery } from '../../api/queries.ts';
import type { ChannelDetail, Done } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Button } from '../../parts/Button.tsx';
import { counted, showBytes } from '../../parts/format.ts';
import { Health } from '../../parts/Health.tsx';
import { Pairs, Section, TableBox } from '../../parts/Layout.tsx';
import { settingPairs } from '../../parts/settings.tsx';
import { wordOf } from '../../parts/status.ts';
import { Answered } from '../../parts/States.tsx';
import { To } from '../../parts/To.tsx';
import { say, sayFailure } from '../../parts/toasts.tsx';
import { Ago, Time } from '../../parts/Values.tsx';
import { Keys } from './Keys.tsx';
import { Shelf } from './Shelf.tsx';

export function ChannelPage() {
  const { id = '' } = useParams({ strict: false });
  const query = useQuery(channelQuery(id));
  return (
    <Answered query={query} what="The shop" rows={12}>
      {(channel) => <Page channel={channel} />}
    </Answered>
  );
}

const Page = ({ channel }: { channel: ChannelDetail }) => (
  <article className="page">
    <header className="page-head">
      <p className="crumb">
        <To href="/connections">Connections</To>
      </p>
      <div className="page-title">
        <h1>
          <bdi>{channel.name}</bdi>
        </h1>
        {channel.state === 'paused' ? <Badge of="channel" code="paused" /> : null}
      </div>
      {channel.state === 'paused' ? <p className="dim">{channel.health.sentence}</p> : <Health of={channel.health} />}
      <Pause channel={channel} />
    </header>
    <div className="page-columns">
      <div className="page-main">
        <Section title="What came from it" tools={<To href={`/connections?tab=log&channel=${channel.id}`}>All</To>}>
          <Arrivals channel={channel} />
        </Section>
      </div>
      <div className="page-aside">
        <Section title="Status">
          <Pairs
            of={[
              { name: 'Orders today', value: <span className="num">{channel.ordersToday}</span> },
              { name: 'Last order', value: <Ago at={channel.lastOrderAt} /> },
              { name: 'Last asked', value: <Ago at={channel.polledAt} /> },
              { name: 'To read', value: <span className="num">{channel.backlog}</span> },
              {
                name: 'Refused, 24 h',
                value: <span className={channel.refused > 0 ? 'num tone-text-crit' : 'num'}>{channel.refused}</span>,
              },
              {
                name: 'Parcel reports',
                value: (
                  <span className="num">
                    {channel.reports.waiting} to send
                    {channel.reports.failed > 0 ? (
                      <span className="tone-text-crit">, {counted(channel.reports.failed, 'failed', 'failed')}</span>
                    ) : null}
                  </span>
                ),
              },
            ]}
          />
        </Section>
        {channel.listening ? <Listening of={channel.listening} /> : null}
        <ShelfPart channel={channel.id} />
        <Section title="Settings">
          <Pairs
            of={[
              { name: 'Code', value: <code>{channel.code}</code> },
              { name: 'Currency', value: channel.currency },
              ...settingPairs(channel.settings),
              { name: 'Connected', value: <Time at={channel.createdAt} /> },
            ]}
          />
        </Section>
      </div>
    </div>
  </article>
);

const Listening = ({ of }: { of: NonNullable<ChannelDetail['listening']> }) => (
  <Section title="Webhooks">
    <Pairs
      of={[
        { name: 'Tells of', value: of.topics.length > 0 ? of.topics.join(', ') : 'nothing; it is asked every few minutes' },
        { name: 'Last heard', value: <Ago at={of.heardAt} /> },
        { name: 'Looked at', value: <Ago at={of.armedAt} /> },
        { name: 'Armed again', value: <span className="num">{of.mended}</span> },
        { name: 'Orders told, 7 days', value: <span className="num">{of.heard}</span> },
        { name: 'Found by asking only', value: <span className="num">{of.missed}</span> },
      ]}
    />
    {of.trouble ? <p className="dim">{of.trouble}</p> : null}
  </Section>
);

function ShelfPart({ channel }: { channel: string }) {
  const mayWrite = useQuery(meQuery).data?.rights.includes('catalog:write') ?? false;
  return <Shelf channel={channel} mayWrite={mayWrite} />;
}

function Pause({ channel }: { channel: ChannelDetail }) {
  const client = useQueryClient();
  const paused = channel.state === 'paused';
  const change = async (): Promise<void> => {
    try {
      say((await patch<Done>(`/channels/${channel.id}`, { state: paused ? 'connected' : 'paused' })).said);
      await client.invalidateQueries({ queryKey: ['channels'] });
    } catch (error) {
      sayFailure(error);
    }
  };
  return (
    <div className="page-actions">
      <Button kind={paused ? 'primary' : 'plain'} onClick={() => void change()}>
        {paused ? 'Resume' : 'Pause'}
      </Button>
      {channel.kind === 'csv' ? null : <Keys channel={channel} />}
    </div>
  );
}

function Arrivals({ channel: { arrivals } }: { channel: ChannelDetail }) {
  if (arrivals.length === 0) return <p className="dim">Nothing yet.</p>;
  return (
    <TableBox label="Arrivals">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">What</th>
          <th scope="col">State</th>
          <th scope="col" className="end">
            Size
          </th>
        </tr>
      </thead>
      <tbody>
        {arrivals.map((arrival) => (
          <tr key={arrival.id}>
            <td>
              <Ago at={arrival.receivedAt} />
            </td>
            <td>
              <To href={`/connections?tab=log&arrival=${arrival.id}`}>{arrival.name || wordOf(arrival.kind)}</To>{' '}
              <code className="dim">{arrival.object}</code>
              {arrival.note ? <div className="dim">{arrival.note}</div> : null}
            </td>
            <td>
              <Badge of="arrival" code={arrival.state} />
            </td>
            <td className="end num">{showBytes(arrival.bytes)}</td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}
