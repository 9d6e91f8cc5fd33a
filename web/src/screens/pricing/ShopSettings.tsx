import type { ReactNode } from 'react';
import type { PriceFacets } from '../../api/types.ts';
import { NumberIn } from './Chips.tsx';
import { endingName, endings, type Policy, readAmount, readScaled, showAmount, showPercent } from './draft.ts';

type Settings = Policy['settings'];
interface Props {
  settings: Settings;
  facets: PriceFacets | undefined;
  onChange: (settings: Settings) => void;
}

/** What holds for every rule: costs beside the goods, floors, endings, and what is too strange to believe. */
export const ShopSettings = ({ settings, facets, onChange }: Props) => {
  const shared: PartProps = { settings, channels: facets?.channels ?? [], set: (change) => onChange({ ...settings, ...change }) };
  return (
    <div className="price-settings">
      <Costs {...shared} />
      <Shown {...shared} />
      <Guards {...shared} />
      <Row name="Time zone">
        <input
          aria-label="Time zone of the shop"
          defaultValue={settings.timeZone}
          onBlur={(event) => shared.set({ timeZone: event.target.value.trim() || 'UTC' })}
          maxLength={60}
        />
      </Row>
    </div>
  );
};

interface PartProps {
  settings: Settings;
  channels: PriceFacets['channels'];
  set: (change: Partial<Settings>) => void;
}
type Share = 'paymentFeeBp' | 'minMarginBp' | 'rateMarginBp' | 'costMoveBp' | 'priceMoveBp' | 'belowFloorBp';

/** A share of the settings in percent. */
const Percent = ({ settings, set, name, label, most }: Omit<PartProps, 'channels'> & { name: Share; label: string; most: number }) => (
  <NumberIn
    label={label}
    value={showPercent(settings[name])}
    suffix=" %"
    onRead={(text) => {
      const bp = readScaled(text, 100, most);
      if (bp !== null) set({ [name]: bp });
      return bp !== null;
    }}
  />
);

const currenciesOf = (channels: PriceFacets['channels']): string[] => [...new Set(channels.map(({ currency }) => currency))];

/** Which offer counts, what the payment takes, and what has to stay. */
const Costs = ({ settings, channels, set }: PartProps) => (
  <>
    <Row name="Offer that counts">
      <select
        aria-label="Offer that counts"
        value={settings.offer}
        onChange={(event) => set({ offer: event.target.value as Settings['offer'] })}
      >
        <option value="cheapest">the cheapest in stock</option>
        <option value="preferred">of the preferred supplier in stock</option>
        <option value="dearest">the dearest in stock (safe)</option>
      </select>
    </Row>
    <Row name="Payment takes">
      <Percent settings={settings} set={set} name="paymentFeeBp" label="Payment fee" most={2_000} />
      {currenciesOf(channels).map((currency) => (
        <Amount
          key={currency}
          label={`Payment fee in ${currency}`}
          currency={currency}
          of={settings.paymentFee}
          onChange={(paymentFee) => set({ paymentFee })}
        />
      ))}
    </Row>
    <Row name="Least margin">
      <Percent settings={settings} set={set} name="minMarginBp" label="Least margin of the shop" most={9_000} />
      {currenciesOf(channels).map((currency) => (
        <Amount
          key={currency}
          label={`Least margin in ${currency}`}
          currency={currency}
          of={settings.minMargin}
          onChange={(minMargin) => set({ minMargin })}
        />
      ))}
    </Row>
  </>
);

/** How prices look to shoppers: their endings, the list price, the tax in them. */
const Shown = ({ settings, channels, set }: PartProps) => (
  <>
    <Row name="Prices end in">
      {currenciesOf(channels).map((currency) => (
        <label key={currency} className="price-number">
          {currency}
          <select
            aria-label={`Ending in ${currency}`}
            value={endingName(settings.endings[currency] ?? { every: 1, end: 0, to: 'nearest' })}
            onChange={(event) => {
              const ending = endings.find(({ name }) => name === event.target.value)?.ending;
              if (ending) set({ endings: { ...settings.endings, [currency]: ending } });
            }}
          >
            {endings.slice(1).map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
      ))}
    </Row>
    <Row name="List price">
      <label className="choice">
        <input type="checkbox" checked={settings.capAtMsrp} onChange={(event) => set({ capAtMsrp: event.target.checked })} />
        never above it
      </label>
    </Row>
    <Row name="Tax in prices">
      {channels.map(({ code }) => (
        <NumberIn
          key={code}
          label={`Tax in prices of ${code}`}
          value={showPercent(settings.taxBp[code] ?? 0)}
          suffix={` % ${code}`}
          onRead={(text) => {
            const bp = readScaled(text, 100, 5_000);
            if (bp !== null) set({ taxBp: { ...settings.taxBp, [code]: bp } });
            return bp !== null;
          }}
        />
      ))}
    </Row>
  </>
);

/** What is too strange to believe or to publish. */
const Guards = ({ settings, set }: PartProps) => (
  <>
    <Row name="Not believed">
      a cost that moved more than
      <Percent settings={settings} set={set} name="costMoveBp" label="Cost that moved more than" most={1_000_000} />, a price that would
      move more than
      <Percent settings={settings} set={set} name="priceMoveBp" label="Price that moves more than" most={1_000_000} />
    </Row>
    <Row name="Not published">
      when more than
      <Percent settings={settings} set={set} name="belowFloorBp" label="Share below floor" most={10_000} />
      of the listings would fall below their floor
    </Row>
    <Row name="Exchange rates">
      <Percent settings={settings} set={set} name="rateMarginBp" label="Margin of safety on rates" most={2_000} />
      on top, not older than
      <NumberIn
        label="Days that a rate counts"
        value={String(settings.rateDays)}
        suffix=" days"
        onRead={(text) => {
          const days = readScaled(text, 1, 366);
          if (days !== null && days >= 1) set({ rateDays: days });
          return days !== null && days >= 1;
        }}
      />
    </Row>
  </>
);

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="price-setting">
    <span className="price-chips-name">{name}</span>
    <span className="price-setting-value">{children}</span>
  </div>
);

interface AmountProps {
  label: string;
  currency: string;
  of: Record<string, number>;
  onChange: (of: Record<string, number>) => void;
}
const Amount = ({ label, currency, of, onChange }: AmountProps) => (
  <NumberIn
    label={label}
    value={showAmount(of[currency] ?? 0, currency)}
    suffix={` ${currency}`}
    onRead={(text) => {
      const minor = readAmount(text, currency);
      if (minor !== null) onChange({ ...of, [currency]: minor });
      return minor !== null;
    }}
  />
);
