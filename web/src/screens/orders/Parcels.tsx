import type { ParcelDetail } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Time } from '../../parts/Values.tsx';
import { counted } from '../../parts/format.ts';

/** Each parcel with its way, the newest scan first. */
export const Parcels = ({ parcels }: { parcels: readonly ParcelDetail[] }) => (
  <div className="parcels">
    {parcels.map((parcel) => (
      <Parcel key={parcel.id} parcel={parcel} />
    ))}
  </div>
);

function Parcel({ parcel }: { parcel: ParcelDetail }) {
  const events = parcel.events.toSorted((one, other) => (one.at < other.at ? 1 : -1));
  return (
    <details className="parcel" open={isUnderway(parcel)}>
      <summary>
        <Icon name="right" />
        <code>{parcel.number}</code>
        <span className="dim">{parcel.carrierName}</span>
        <Badge of="parcel" code={parcel.milestone} />
        {parcel.delayed ? <span className="badge tone-risk">Delayed</span> : null}
        <span className="dim parcel-from">
          {counted(parcel.units, 'unit')} from {parcel.supplier.name}
        </span>
      </summary>
      {events.length === 0 ? (
        <p className="dim parcel-none">The label is made; the carrier has not scanned it yet.</p>
      ) : (
        <ol className="scans">
          {events.map((event) => (
            <li key={`${event.at}${event.text}`} className={event.setAside ? 'scan-aside' : ''}>
              <span className="scan-time">
                <Time at={event.at} />
              </span>
              <span>
                {event.text} {event.place ? <span className="dim">{event.place}</span> : null}
                {event.setAside ? <span className="dim"> Not believed: {event.setAside}</span> : null}
              </span>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

/** What is on its way is open; what has arrived is folded. */
const isUnderway = ({ milestone }: ParcelDetail): boolean => milestone !== 'delivered';
