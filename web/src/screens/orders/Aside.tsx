import type { OrderDetail } from '../../api/types.ts';
import { LookBadge, Badge } from '../../parts/Badge.tsx';
import { addressLines } from '../../parts/address.ts';
import { meaningOf, reasonOf, whoOf } from '../../parts/facts.ts';
import { Pairs, Section } from '../../parts/Layout.tsx';
import { purchaseLook, wordOf } from '../../parts/status.ts';
import { showShare } from '../../parts/format.ts';
import { To } from '../../parts/To.tsx';
import { Ago, Money, Time } from '../../parts/Values.tsx';

/** Beside the work: who bought, what it earns, what was promised, and where it hangs. */
export const Aside = ({ order }: { order: OrderDetail }) => (
  <div className="page-aside">
    <Section title="Money">
      <MoneyTable order={order} />
    </Section>
    <Section title="Customer">
      <Customer order={order} />
    </Section>
    {order.purchases.length > 0 ? (
      <Section title="Purchase orders">
        <ul className="brief">
          {order.purchases.map((purchase) => (
            <li key={purchase.id} className="brief-line">
              <To href={`/purchases/${purchase.id}`} className="link num">
                {purchase.number}
              </To>
              <span className="brief-grow dim">{purchase.supplier.name}</span>
              <LookBadge look={purchaseLook(purchase)} />
            </li>
          ))}
        </ul>
      </Section>
    ) : null}
    {order.holdHistory.length > 0 ? <Holds order={order} /> : null}
    {order.messages.length > 0 ? <Messages order={order} /> : null}
    <Section title="About">
      <Pairs
        of={[
          { name: 'Payment', value: wordOf(order.payment) },
          { name: 'Service', value: wordOf(order.service) },
          order.promisedAt ? { name: 'Promised', value: <Time at={order.promisedAt} /> } : null,
          order.cancelAskedAt ? { name: 'Cancel asked', value: <Time at={order.cancelAskedAt} /> } : null,
          { name: 'Received', value: <Time at={order.receivedAt} /> },
          { name: 'Shop id', value: <code>{order.externalId}</code> },
          order.tags.length > 0 ? { name: 'Tags', value: order.tags.join(', ') } : null,
          order.note ? { name: 'Note', value: order.note } : null,
        ]}
      />
    </Section>
  </div>
);

function MoneyTable({ order: { money } }: { order: OrderDetail }) {
  const net = BigInt(money.total.minor) - BigInt(money.tax.minor);
  const share = money.margin === null || net === 0n ? null : Number(BigInt(money.margin.minor)) / Number(net);
  const rows = [
    ['Lines', money.subtotal],
    ['Discount', money.discount.minor === '0' ? null : { ...money.discount, minor: `-${money.discount.minor.replace('-', '')}` }],
    ['Shipping charged', money.shipping],
    ['Tax', money.tax],
  ] as const;
  return (
    <table className="sums">
      <tbody>
        {rows.map(([name, amount]) =>
          amount === null ? null : (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <Money of={amount} />
              </td>
            </tr>
          ),
        )}
        <tr className="sums-total">
          <th scope="row">Total</th>
          <td>
            <Money of={money.total} strong />
          </td>
        </tr>
        {(money.cost ? [money.cost] : money.costs).map((cost) => (
          <tr key={cost.currency}>
            <th scope="row">Product cost</th>
            <td>
              <Money of={cost} />
            </td>
          </tr>
        ))}
        <tr className="sums-total">
          <th scope="row">Margin {share === null ? '' : <span className="dim num">{showShare(share)}</span>}</th>
          <td>
            <Money of={money.margin} strong />
          </td>
        </tr>
      </tbody>
    </table>
  );
}

const Customer = ({ order: { customer, email, phone, shipTo } }: { order: OrderDetail }) => (
  <address className="address">
    <bdi className="strong">{customer}</bdi>
    {email ? <bdi>{email}</bdi> : null}
    {phone ? <bdi className="num">{phone}</bdi> : null}
    <span className="address-lines">
      {addressLines({ ...shipTo, name: shipTo.name === customer ? '' : shipTo.name }).map((line) => (
        <bdi key={line}>{line}</bdi>
      ))}
    </span>
  </address>
);

const Holds = ({ order }: { order: OrderDetail }) => (
  <Section title="Holds">
    <ul className="brief">
      {order.holdHistory.map((hold) => (
        <li key={`${hold.reason}${hold.placedAt}`}>
          <p>{wordOf(reasonOf(hold.reason))}</p>
          <p className="dim">
            {hold.detail} <Ago at={hold.placedAt} />
            {hold.releasedAt ? `, released by ${whoOf(hold.releasedBy, '')}` : ''}
          </p>
        </li>
      ))}
    </ul>
  </Section>
);

const Messages = ({ order }: { order: OrderDetail }) => (
  <Section title="Messages">
    <ul className="brief">
      {order.messages.map((message) => (
        <li key={message.id}>
          <details>
            <summary className="brief-line">
              <span className="brief-grow">{message.subject || wordOf(meaningOf(message.meaning))}</span>
              <Badge of="message" code={message.state} />
            </summary>
            <p className="dim">
              To <bdi>{message.address}</bdi>, <Ago at={message.sentAt ?? message.createdAt} />
              {message.whyNot ? `. ${message.whyNot}` : ''}
            </p>
            <p className="message-text">{message.text}</p>
          </details>
        </li>
      ))}
    </ul>
  </Section>
);
