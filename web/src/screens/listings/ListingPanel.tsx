import { useQuery } from '@tanstack/react-query';
import type { ListingRow } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Pairs, Section, TableBox } from '../../parts/Layout.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import { Answered } from '../../parts/States.tsx';
import { To } from '../../parts/To.tsx';
import { Ago, Money } from '../../parts/Values.tsx';
import { listingQuery } from './useListings.ts';

type Stock = NonNullable<ListingRow['stock']>;

/** Why a store shows this many at this price. */
export function ListingPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(listingQuery(id));
  const sku = id.slice(id.indexOf(':') + 1);
  return (
    <SidePanel title={<bdi>{sku}</bdi>} label={`Listing ${sku}`} onClose={onClose}>
      <Answered query={query} what="The listing" rows={8}>
        {(row) => (row === null ? <p className="dim">There is no such listing any more.</p> : <Shown row={row} />)}
      </Answered>
    </SidePanel>
  );
}

function Shown({ row }: { row: ListingRow }) {
  const { channel, variant, told, wanted, trouble } = row;
  return (
    <>
      <p className="listing-state">
        <Badge of="listing" code={row.state} /> <To href={`/connections/${channel.id}`}>{channel.name}</To>
      </p>
      {trouble ? (
        <p className="tone-text-crit" role="status">
          The store did not take it: {trouble}
        </p>
      ) : null}
      <Pairs
        of={[
          { name: 'Variant', value: <bdi>{`${variant.sku} · ${variant.title}`}</bdi> },
          { name: 'Should show', value: <Said of={wanted} /> },
          {
            name: 'Was told',
            value: told.at === null && told.quantity === null ? <span className="dim">nothing yet</span> : <Said of={told} />,
          },
          { name: 'Told', value: <Ago at={told.at} /> },
          { name: 'Read there', value: <Ago at={row.seenAt} /> },
        ]}
      />
      <Section title="Why this many">
        <p>{row.said}</p>
        {row.stock && row.stock.offers.length > 0 ? <Offers stock={row.stock} /> : null}
      </Section>
      <Section title="Why this price">
        <To href={`/pricing?why=${encodeURIComponent(`${channel.id}|${row.sku}`)}`}>The way to the price of {row.sku}</To>
      </Section>
    </>
  );
}

const Said = ({ of: { quantity, price, compareAt } }: { of: ListingRow['wanted'] }) => (
  <>
    <span className="num">{quantity ?? '—'}</span>
    {price ? (
      <>
        {' at '}
        <Money of={price} />
      </>
    ) : null}
    {compareAt ? (
      <span className="dim">
        {' before '}
        <Money of={compareAt} />
      </span>
    ) : null}
  </>
);

const whyWords: Record<Stock['offers'][number]['why'], string> = {
  '': '',
  paused: 'No orders now',
  held: 'Held',
  vanished: 'Not listed any more',
  pack: 'Packs only',
  stale: 'Figure too old',
  old: 'Old: counts half',
  none: 'None left',
};

/** Each offer as a bar: what is left to sell, promised, kept back, and not believed. */
function Offers({ stock }: { stock: Stock }) {
  const most = Math.max(1, ...stock.offers.map((offer) => offer.stock));
  return (
    <TableBox label="Offers behind it">
      <thead>
        <tr>
          <th scope="col">Supplier</th>
          <th scope="col" className="end">
            Stock
          </th>
          <th scope="col">Of it</th>
          <th scope="col" className="end">
            Left
          </th>
        </tr>
      </thead>
      <tbody>
        {stock.offers.map((offer) => (
          <tr key={`${offer.supplier} ${offer.sku}`}>
            <td>
              <bdi>{offer.supplier}</bdi> <code className="dim">{offer.sku}</code>
              {offer.why ? <div className="dim">{whyWords[offer.why]}</div> : null}
            </td>
            <td className="end num">{offer.stock}</td>
            <td>
              <Bar offer={offer} most={most} />
            </td>
            <td className="end num strong">{offer.left}</td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  );
}

function Bar({ offer, most }: { offer: Stock['offers'][number]; most: number }) {
  const parts = [
    ['left', offer.left, 'left'],
    ['promised', offer.promised, 'promised'],
    ['buffer', offer.buffer, 'kept back'],
  ] as const;
  const said = parts.flatMap(([, units, word]) => (units > 0 ? [`${units} ${word}`] : []));
  return (
    <span className="listing-bar" role="img" aria-label={said.length > 0 ? said.join(', ') : 'none'} title={said.join(', ')}>
      {parts.map(([kind, units]) => (
        <span key={kind} className={`listing-${kind}`} style={{ inlineSize: `${Math.min(100, (units / most) * 100)}%` }} />
      ))}
    </span>
  );
}
