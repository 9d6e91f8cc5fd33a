import type { MatchRow } from '../../api/types.ts';
import { Money } from '../../parts/Values.tsx';
import { chipsOf, differing } from './words.ts';

/** Ours on one side, theirs on the other; what differs is marked. */
export function Card({ card, position }: { card: MatchRow; position: string }) {
  const { offer, variant } = card;
  return (
    <article className="match" aria-label={`Offer ${offer.sku} and our ${variant.sku}`} data-card={`${offer.sku} ${variant.sku}`}>
      <header className="match-head">
        <p className="dim num">{position}</p>
        <ul className="match-chips" aria-label="Evidence">
          {chipsOf(card).map(({ text, tone, says }) => (
            <li key={text} className={`match-chip match-${tone}`} title={says}>
              {text}
            </li>
          ))}
        </ul>
      </header>
      <div className="match-panes">
        <section className="match-pane" aria-label="Ours">
          <h2>Ours</h2>
          <Title title={variant.title} other={offer.title} />
          <dl className="match-facts">
            <Fact name="SKU" value={variant.sku} />
            <Fact name="Brand" value={variant.brand} />
            <Fact name="GTIN" value={variant.gtin} />
            <div>
              <dt>Price</dt>
              <dd>
                <Money of={variant.price} />
              </dd>
            </div>
          </dl>
        </section>
        <section className="match-pane" aria-label="Theirs">
          <h2>{offer.supplier.name}</h2>
          <Title title={offer.title} other={variant.title} />
          <dl className="match-facts">
            <Fact name="Their number" value={offer.sku} />
            <Fact name="Brand" value={offer.brand} />
            <Fact name="GTIN" value={offer.gtin} />
            <Fact name="MPN" value={offer.mpn} />
            <div>
              <dt>Cost</dt>
              <dd>
                <Money of={offer.cost} />
              </dd>
            </div>
            <Fact name="Pack" value={offer.packSize > 1 ? String(offer.packSize) : null} />
            <Fact name="In stock" value={String(offer.quantity)} />
          </dl>
        </section>
      </div>
      <p className="dim">{card.said}</p>
    </article>
  );
}

const Title = ({ title, other }: { title: string; other: string }) => (
  <p className="match-title">
    {differing(title, other).map(({ text, differs }, at) => (differs ? <mark key={at}>{text}</mark> : text))}
    {title === '' ? <span className="dim">no title</span> : null}
  </p>
);

const Fact = ({ name, value }: { name: string; value: string | null }) => (
  <div>
    <dt>{name}</dt>
    <dd className="num">{value === null || value === '' ? '—' : value}</dd>
  </div>
);
