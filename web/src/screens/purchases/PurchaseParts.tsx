import type { PurchaseDetail } from '../../api/types.ts';
import { Badge } from '../../parts/Badge.tsx';
import { TableBox } from '../../parts/Layout.tsx';
import { ClockChip, Money, Time } from '../../parts/Values.tsx';

/** Its three axes, side by side: did it arrive, what did they answer, what is on its way. */
export const Axes = ({ of }: { of: PurchaseDetail }) => (
  <dl className="axes">
    <div>
      <dt>Transmission</dt>
      <dd>
        <Badge of="transmission" code={of.transmission} />
        {of.transmission === 'sent' && of.ackDueAt ? <ClockChip dueAt={of.ackDueAt} what="acknowledge" /> : null}
      </dd>
    </div>
    <div>
      <dt>Answer</dt>
      <dd>
        <Badge of="response" code={of.response} />
      </dd>
    </div>
    <div>
      <dt>Goods</dt>
      <dd>
        <Badge of="fulfilment" code={of.fulfilment} />
        {of.transmission === 'acknowledged' && of.shipDueAt ? <ClockChip dueAt={of.shipDueAt} what="ship" /> : null}
      </dd>
    </div>
  </dl>
);

export const PurchaseLines = ({ purchase }: { purchase: PurchaseDetail }) => (
  <TableBox label="Lines">
    <thead>
      <tr>
        <th scope="col">Item</th>
        <th scope="col" className="end">
          Ordered
        </th>
        <th scope="col" className="end narrow-gone">
          Shipped
        </th>
        <th scope="col" className="end">
          Cost
        </th>
        <th scope="col">Answer</th>
      </tr>
    </thead>
    <tbody>
      {purchase.items.map((line) => (
        <tr key={line.id}>
          <td>
            <bdi>{line.title}</bdi>
            <br />
            <code className="dim">{line.supplierSku}</code>
          </td>
          <td className="end num">{line.quantity}</td>
          <td className="end num narrow-gone">{line.shipped}</td>
          <td className="end">
            <Money of={line.cost} />
          </td>
          <td>
            <Badge of="response" code={line.response ?? 'awaited'} />
            {line.reason ? <div className="dim">{line.reason}</div> : null}
            {line.expectedAt && line.shipped < line.quantity ? (
              <div className="dim">
                by <Time at={line.expectedAt} />
              </div>
            ) : null}
          </td>
        </tr>
      ))}
    </tbody>
  </TableBox>
);
