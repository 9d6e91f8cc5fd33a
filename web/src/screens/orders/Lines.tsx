import type { OrderDetail, OrderLine } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { TableBox } from '../../parts/Layout.tsx';
import { To } from '../../parts/To.tsx';
import { Money, Time } from '../../parts/Values.tsx';

/** What was sold, and below each line who delivers it. */
export const Lines = ({ order }: { order: OrderDetail }) => (
  <TableBox label="Lines">
    <thead>
      <tr>
        <th scope="col">Item</th>
        <th scope="col" className="end">
          Units
        </th>
        <th scope="col" className="end narrow-gone">
          Cost
        </th>
        <th scope="col" className="end">
          Price
        </th>
        <th scope="col">State</th>
      </tr>
    </thead>
    {order.items.map((line) => (
      <Line key={line.id} line={line} />
    ))}
  </TableBox>
);

const Line = ({ line }: { line: OrderLine }) => (
  <tbody>
    <tr>
      <td>
        <bdi className="strong">{line.title}</bdi>
        <br />
        <code className="dim">{line.sku}</code>
      </td>
      <td className="end num">
        {line.quantity}
        {line.cancelled > 0 ? <span className="dim"> ({line.cancelled} cancelled)</span> : null}
      </td>
      <td className="narrow-gone" />
      <td className="end">
        <Money of={line.price} />
      </td>
      <td>{line.kind === 'service' ? <span className="dim">Service</span> : null}</td>
    </tr>
    {line.allocations
      .filter(({ state }) => state !== 'released')
      .map((allocation) => (
        <tr key={allocation.offer.id} className="sub-row">
          <td>
            <To href={`/suppliers/${allocation.supplier.id}`}>{allocation.supplier.name}</To>
            {allocation.purchase ? (
              <>
                {' '}
                <To href={`/purchases/${allocation.purchase.id}`}>{allocation.purchase.number}</To>
              </>
            ) : null}{' '}
            <code className="dim">{allocation.offer.supplierSku}</code>
          </td>
          <td className="end num">{allocation.quantity}</td>
          <td className="end narrow-gone">
            <Money of={allocation.cost} />
          </td>
          <td />
          <td>
            {allocation.shipped >= allocation.quantity ? (
              <Badge of="fulfilment" code="shipped" />
            ) : (
              <Badge of="response" code={allocation.response ?? 'awaited'} />
            )}
            {allocation.expectedAt && allocation.shipped < allocation.quantity ? (
              <span className="dim">
                {' '}
                by <Time at={allocation.expectedAt} />
              </span>
            ) : null}
          </td>
        </tr>
      ))}
  </tbody>
);
