import { useQuery } from '@tanstack/react-query';
import type { OfferDetail } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Pairs, Section, TableBox } from '../../parts/Layout.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import { Answered } from '../../parts/States.tsx';
import { To } from '../../parts/To.tsx';
import { Ago, Money } from '../../parts/Values.tsx';
import { offerQuery } from '../catalog/useCatalog.ts';

/** A supplier's own line beside what was understood of it. */
export function OfferPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(offerQuery(id));
  const name = query.data?.supplierSku ?? 'Offer';
  return (
    <SidePanel title={<bdi>{name}</bdi>} label={`Offer ${name}`} onClose={onClose}>
      <Answered query={query} what="The offer" rows={10}>
        {(offer) => <Shown offer={offer} />}
      </Answered>
    </SidePanel>
  );
}

const Shown = ({ offer }: { offer: OfferDetail }) => (
  <>
    <p className="listing-state">
      <Badge of="offer" code={offer.state} /> <To href={`/suppliers/${offer.supplier.id}`}>{offer.supplier.name}</To>
    </p>
    <Section title="As it was understood">
      <Pairs
        of={[
          { name: 'Title', value: <bdi>{offer.title}</bdi> },
          { name: 'Brand', value: offer.brand },
          { name: 'GTIN', value: offer.gtin },
          { name: 'MPN', value: offer.mpn },
          { name: 'Cost', value: <Money of={offer.cost} /> },
          { name: 'Stock', value: <span className="num">{offer.quantity}</span> },
          { name: 'Promised', value: <span className="num">{offer.reserved}</span> },
          { name: 'Left to sell', value: <span className="num strong">{offer.sellable}</span> },
          { name: 'Pack', value: offer.packSize === 1 ? '' : `${offer.packSize}` },
          { name: 'Lead time', value: offer.leadDays === null ? '' : `${offer.leadDays} days` },
          { name: 'Said', value: <Ago at={offer.observedAt} /> },
          { name: 'Changed', value: <Ago at={offer.changedAt} /> },
        ]}
      />
    </Section>
    <Section title="As the supplier wrote it" tools={<To href={`/feeds/${offer.supplier.id}`}>Feed</To>}>
      {offer.raw ? <Raw raw={offer.raw} /> : <p className="dim">{offer.rawWhy}</p>}
    </Section>
    <Section title="What it is of ours" tools={<To href="/matches">Matches</To>}>
      {offer.variants.length === 0 ? <p className="dim">Nobody has said yet.</p> : null}
      <ul className="variant-history">
        {offer.variants.map(({ id, sku, match }) => (
          <li key={id}>
            <To href={`/catalog?open=${id}`}>{sku}</To> <span className="dim">{match}</span>
          </li>
        ))}
      </ul>
    </Section>
  </>
);

const Raw = ({ raw }: { raw: NonNullable<OfferDetail['raw']> }) => (
  <>
    <p className="dim">
      Line {raw.line} of <bdi>{raw.file}</bdi>
    </p>
    <TableBox label="The supplier’s line">
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Text</th>
          <th scope="col">Read as</th>
        </tr>
      </thead>
      <tbody>
        {raw.cells.map((cell) => (
          <tr key={cell.column}>
            <td>
              <bdi>{cell.column}</bdi>
            </td>
            <td>
              <code>{cell.text}</code>
            </td>
            <td className="dim">{cell.field ?? ''}</td>
          </tr>
        ))}
      </tbody>
    </TableBox>
  </>
);
