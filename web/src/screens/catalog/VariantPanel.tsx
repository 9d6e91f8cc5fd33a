import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { meQuery } from '../../api/queries.ts';
import type { VariantDetail } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Button } from '../../parts/Button.tsx';
import { Pairs, Section, TableBox } from '../../parts/Layout.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import { Answered } from '../../parts/States.tsx';
import { To } from '../../parts/To.tsx';
import { Ago, Money } from '../../parts/Values.tsx';
import { EditDialog } from './EditDialog.tsx';
import { variantQuery } from './useCatalog.ts';
import { fieldNames, fields } from './words.ts';

/** One thing that we sell: its values, what is wrong with them, its offers and stores, and every change. */
export function VariantPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(variantQuery(id));
  const name = query.data?.sku ?? 'Variant';
  return (
    <SidePanel title={<bdi>{name}</bdi>} label={`Variant ${name}`} onClose={onClose}>
      <Answered query={query} what="The variant" rows={10}>
        {(variant) => <Shown variant={variant} />}
      </Answered>
    </SidePanel>
  );
}

function Shown({ variant }: { variant: VariantDetail }) {
  const [editing, setEditing] = useState(false);
  const mayWrite = useQuery(meQuery).data?.rights.includes('catalog:write') ?? false;
  return (
    <>
      {variant.problems.length > 0 ? (
        <ul className="variant-problems" aria-label="What is wrong">
          {variant.problems.map(({ kind, said }) => (
            <li key={kind}>
              <Badge of="variantProblem" code={kind} /> <span className="dim">{said}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <Pairs of={fields.map((field) => ({ name: fieldNames[field] ?? field, value: <Value variant={variant} field={field} /> }))} />
      {mayWrite ? (
        <div className="page-actions">
          <Button onClick={() => setEditing(true)}>Edit</Button>
        </div>
      ) : null}
      <Offers variant={variant} />
      <Stores variant={variant} />
      <History variant={variant} />
      {editing ? <EditDialog variant={variant} onClose={() => setEditing(false)} /> : null}
    </>
  );
}

function Value({ variant, field }: { variant: VariantDetail; field: string }) {
  const text = variant.cells[field] ?? '';
  return (
    <>
      {text === '' ? <span className="dim">—</span> : <bdi>{text}</bdi>}
      {variant.locked.includes(field) ? <span className="dim"> · locked</span> : null}
    </>
  );
}

const Offers = ({ variant: { offersBehind, id } }: { variant: VariantDetail }) => (
  <Section title="Offers" tools={<To href={`/offers?variant=${id}`}>All</To>}>
    {offersBehind.length === 0 ? (
      <p className="dim">
        No supplier offers it. <To href="/matches">Matches</To> may know one.
      </p>
    ) : (
      <TableBox label="Offers">
        <thead>
          <tr>
            <th scope="col">Supplier</th>
            <th scope="col">Match</th>
            <th scope="col" className="end">
              Cost
            </th>
            <th scope="col" className="end">
              Left
            </th>
          </tr>
        </thead>
        <tbody>
          {offersBehind.map((offer) => (
            <tr key={offer.id}>
              <td>
                <To href={`/offers?open=${offer.id}`}>{offer.supplier.name}</To> <code className="dim">{offer.supplierSku}</code>
              </td>
              <td>{offer.variants.find((one) => one.id === id)?.match ?? ''}</td>
              <td className="end">
                <Money of={offer.cost} />
              </td>
              <td className="end num">{offer.sellable}</td>
            </tr>
          ))}
        </tbody>
      </TableBox>
    )}
  </Section>
);

const Stores = ({ variant: { listed, id } }: { variant: VariantDetail }) => (
  <Section title="Stores" tools={<To href={`/listings?variant=${id}`}>All</To>}>
    {listed.length === 0 ? (
      <p className="dim">No store lists it.</p>
    ) : (
      <TableBox label="Stores">
        <thead>
          <tr>
            <th scope="col">Store</th>
            <th scope="col">State</th>
            <th scope="col" className="end">
              Shows
            </th>
            <th scope="col" className="end">
              Price
            </th>
          </tr>
        </thead>
        <tbody>
          {listed.map((row) => (
            <tr key={row.id}>
              <td>
                <To href={`/listings?open=${encodeURIComponent(row.id)}`}>{row.channel.name}</To>
              </td>
              <td>
                <Badge of="listing" code={row.state} />
              </td>
              <td className="end num">{row.told.quantity ?? '—'}</td>
              <td className="end">
                <Money of={row.wanted.price ?? row.told.price} />
              </td>
            </tr>
          ))}
        </tbody>
      </TableBox>
    )}
  </Section>
);

const sources: Record<VariantDetail['history'][number]['source'], string> = {
  screen: 'by hand',
  file: 'by a file',
  api: 'by a key',
  offer: 'of an offer',
  undo: 'taken back',
};

const History = ({ variant: { history } }: { variant: VariantDetail }) => (
  <Section title="Changes">
    {history.length === 0 ? <p className="dim">Nothing was edited yet.</p> : null}
    <ul className="variant-history">
      {history.map((change, place) => (
        <li key={`${change.at} ${change.field} ${place}`}>
          <strong>{fieldNames[change.field] ?? change.field}</strong> <bdi className="dim">{change.before || '—'}</bdi> →{' '}
          <bdi>{change.after || '—'}</bdi>{' '}
          <span className="dim">
            {sources[change.source]}, <Ago at={change.at} />
            {change.undoneAt ? ', taken back' : ''}
          </span>
        </li>
      ))}
    </ul>
  </Section>
);
