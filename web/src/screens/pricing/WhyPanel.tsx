import { useQuery } from '@tanstack/react-query';
import type { PriceWhy } from '../../api/types.ts';
import { Section, TableBox } from '../../parts/Layout.tsx';
import { SidePanel } from '../../parts/SidePanel.tsx';
import { Answered } from '../../parts/States.tsx';
import { wordOf } from '../../parts/status.ts';
import { Money, Time } from '../../parts/Values.tsx';
import { whyQuery } from './usePricing.ts';

const words: Record<string, string> = {
  cost: 'Cost',
  order_fee: 'Supplier’s fee per order',
  shipping: 'Shipping',
  duty: 'Duty',
  payment_fee: 'Payment fee',
  map_price: 'Advertised floor',
  list_price: 'List price',
  fixed_price: 'Fixed price',
  markup: 'Markup',
  discount: 'Discount',
  tax: 'Tax',
  floor: 'Lifted to its floor',
  map: 'Lifted to the advertised floor',
  cap: 'Capped at the list price',
  ending: 'Ending',
};

/** Why this price: the way to it, step by step, and every price before it. */
export function WhyPanel({ channel, sku, onClose }: { channel: string; sku: string; onClose: () => void }) {
  const query = useQuery(whyQuery(channel, sku));
  return (
    <SidePanel title={<bdi>{sku}</bdi>} label={`Why the price of ${sku}`} onClose={onClose}>
      <Answered query={query} what="The price" rows={8}>
        {({ data }) => (data === null ? <p className="dim">There is no such listing any more.</p> : <Why of={data} />)}
      </Answered>
    </SidePanel>
  );
}

function Why({ of }: { of: PriceWhy }) {
  const { published, now } = of;
  const isSame = published !== null && now.outcome === 'priced' && now.price?.minor === published.price.minor;
  return (
    <>
      {published ? (
        <Section title="Why this price">
          <p>
            Rule “{published.rule}” of version {published.version}, published <Time at={published.at} />
          </p>
          <Steps of={published.steps} total={published.price} label="The way to the published price" />
        </Section>
      ) : (
        <p>
          {of.price === null ? (
            'It has no price yet.'
          ) : (
            <>
              It sells for <Money of={of.price} strong />, which no rule made.
            </>
          )}
        </p>
      )}
      <Section title="By the live rules now">
        <p>{isSame ? 'The same price.' : now.sentence}</p>
        {isSame || now.steps.length === 0 || now.price === null ? null : (
          <Steps of={now.steps} total={now.price} label="The way to the price now" />
        )}
      </Section>
      <Section title="Offers">
        {of.offers.length === 0 ? <p className="dim">None.</p> : null}
        <ul className="brief">
          {of.offers.map(({ supplier, cost, stock, chosen, units }) => (
            <li key={`${supplier} ${cost}`} className="brief-line">
              <span className={chosen ? 'brief-grow strong' : 'brief-grow'}>
                <bdi>{supplier}</bdi>
                {chosen ? ' (counts)' : ''}
              </span>
              <span className="num">{cost || 'no cost'}</span>
              <span className="dim num">
                {units > 1 ? `${units} in one, ` : ''}
                {stock} in stock
              </span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="Before">
        <ul className="brief">
          {of.history.map((one) => (
            <li key={`${one.at} ${one.price.minor}`} className="brief-line">
              <span className="brief-grow">
                <Time at={one.at} /> <span className="dim">{one.rule}</span>
                {one.undoneAt ? ' (taken back)' : ''}
              </span>
              <Money of={one.before} />→<Money of={one.price} strong />
            </li>
          ))}
        </ul>
        {of.history.length === 0 ? <p className="dim">No price of ours yet.</p> : null}
      </Section>
    </>
  );
}

const Steps = ({ of, total, label }: { of: PriceWhy['now']['steps']; total: NonNullable<PriceWhy['price']>; label: string }) => (
  <TableBox label={label}>
    <tbody>
      {of.map(({ what, amount, with: how }) => (
        <tr key={what}>
          <th scope="row">
            {words[what] ?? wordOf(what)} <span className="dim">{how}</span>
          </th>
          <td className="end">
            <Money of={amount} />
          </td>
        </tr>
      ))}
      <tr>
        <th scope="row" className="strong">
          Price
        </th>
        <td className="end">
          <Money of={total} strong />
        </td>
      </tr>
    </tbody>
  </TableBox>
);
