import { useQuery } from '@tanstack/react-query';
import { channelsQuery, suppliersQuery } from '../../api/queries.ts';
import type { ChannelRow, SupplierRow } from '../../api/types.ts';
import { counted } from '../../parts/format.ts';
import { Health, type HealthOf } from '../../parts/Health.tsx';
import { Section } from '../../parts/Layout.tsx';
import { useAddress } from '../../parts/search.ts';
import { Answered, Empty } from '../../parts/States.tsx';
import { To } from '../../parts/To.tsx';
import { Ago } from '../../parts/Values.tsx';
import { transportWord } from '../purchases/Purchases.tsx';
import { Connect } from './Connect.tsx';
import { Log } from './Log.tsx';
import { kindWord } from './typed.ts';

/** Where orders come from and go to, whether that works, and everything that came in. */
export function ConnectionsPage() {
  const [address, change] = useAddress();
  const log = address['tab'] === 'log';
  const tab = (value: string | undefined) => () =>
    change({ tab: value, arrival: undefined, state: undefined, channel: undefined, supplier: undefined });
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>Connections</h1>
      </header>
      <div className="filters">
        <div className="views" role="group" aria-label="Part">
          <button type="button" className="view" aria-pressed={!log} onClick={tab(undefined)}>
            Status
          </button>
          <button type="button" className="view" aria-pressed={log} onClick={tab('log')}>
            Log of arrivals
          </button>
        </div>
      </div>
      {log ? <Log /> : <Status />}
    </div>
  );
}

const Status = () => (
  <div className="page screen-page">
    <Section title="Shops" tools={<Connect />}>
      <Channels />
    </Section>
    <Section title="Suppliers' transports">
      <Transports />
    </Section>
  </div>
);

function Channels() {
  const query = useQuery(channelsQuery);
  return (
    <Answered query={query} what="The shops" rows={3}>
      {({ data }) =>
        data.length === 0 ? (
          <Empty title="No shop is connected">Orders come from a connected shop, or from CSV files.</Empty>
        ) : (
          <ul className="rows">
            {data.map((channel) => (
              <Channel key={channel.id} channel={channel} />
            ))}
          </ul>
        )
      }
    </Answered>
  );
}

const Channel = ({ channel }: { channel: ChannelRow }) => (
  <li className="connection">
    <p className="connection-name">
      <To href={`/connections/${channel.id}`} className="link strong">
        <bdi>{channel.name}</bdi>
      </To>
      <span className="dim">{kindWord(channel.kind)}</span>
    </p>
    <Health of={channel.health} />
    <p className="connection-facts dim num">
      <span>{counted(channel.ordersToday, 'order')} today</span>
      <span>{channel.backlog > 0 ? `${counted(channel.backlog, 'arrival')} to read` : 'nothing waits'}</span>
      <span>
        last order <Ago at={channel.lastOrderAt} />
      </span>
    </p>
  </li>
);

/** A supplier's connection is told from what is known of it: whether answers are awaited too long, and when it was asked. */
function healthOf({ state, pausedReason, unacknowledged, exceptions, polledAt, transport }: SupplierRow): HealthOf {
  if (state === 'paused') return { tone: 'neutral', sentence: `Paused${pausedReason ? `: ${pausedReason}` : ''}.` };
  if (exceptions > 0) return { tone: 'risk', sentence: `${counted(exceptions, 'exception')} open.` };
  if (transport !== 'email' && polledAt === null) return { tone: 'neutral', sentence: 'Not asked yet.' };
  return { tone: 'ok', sentence: unacknowledged > 0 ? `Working; ${counted(unacknowledged, 'answer')} awaited.` : 'Working.' };
}

function Transports() {
  const query = useQuery(suppliersQuery);
  return (
    <Answered query={query} what="The suppliers" rows={6}>
      {({ data }) => (
        <ul className="rows">
          {data.map((supplier) => (
            <li key={supplier.id} className="connection">
              <p className="connection-name">
                <To href={`/suppliers/${supplier.id}`} className="link strong">
                  <bdi>{supplier.name}</bdi>
                </To>
                <span className="dim">{transportWord(supplier.transport)}</span>
              </p>
              <Health of={healthOf(supplier)} />
              <p className="connection-facts dim num">
                <span>{counted(supplier.openPurchases, 'open PO')}</span>
                <span>
                  {supplier.polledAt ? (
                    <>
                      asked <Ago at={supplier.polledAt} />
                    </>
                  ) : (
                    'never asked'
                  )}
                </span>
                <To href={`/connections?tab=log&supplier=${supplier.id}`}>Log</To>
              </p>
            </li>
          ))}
        </ul>
      )}
    </Answered>
  );
}
