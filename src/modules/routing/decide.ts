import { money, showMoney } from '#kernel/money';
import type { Instant } from '#kernel/time';
import { assess, type Assessed, type Destination, rulingFor, type Ruling, type Want } from './assess.ts';
import type { Policy } from './policy.ts';
import type { Candidate, DecidedLine, RoutingOffer, RoutingSupplier } from './words.ts';

/** Units of a line that one offer is given. */
export interface Take {
  line_id: string;
  offer: RoutingOffer;
  supplier: RoutingSupplier;
  quantity: number;
}

export interface Choice {
  outcome: 'routed' | 'held';
  lines: DecidedLine[];
  takes: Take[];
  /** One sentence over all lines. */
  because: string;
}

export interface Sources {
  policy: Policy;
  suppliers: ReadonlyMap<string, RoutingSupplier>;
  /** By variant. What was taken by orders before this one is off their stock already. */
  offers: ReadonlyMap<string, readonly RoutingOffer[]>;
  /** `<line> <offer>` where the offer refused the line before. */
  refused: ReadonlySet<string>;
}

interface Row {
  want: Want;
  ruling: Ruling;
  assessed: Assessed[];
}

/**
 * Finds for every wanted line who delivers it. One supplier for all of it is taken unless spreading it is better by the policy's own
 * objective, parcels counted. When any line finds nobody, nothing is ordered and the decision says why.
 */
export function choose(wants: readonly Want[], to: Destination, sources: Sources, now: Instant): Choice {
  const rows = wants.map((want): Row => {
    const ruling = rulingFor(sources.policy, to, want);
    const assessed = (sources.offers.get(want.variant_id) ?? []).flatMap((offer) => {
      const supplier = sources.suppliers.get(offer.supplier_id);
      return supplier
        ? [assess(offer, supplier, want, to, ruling, sources.policy, sources.refused.has(`${want.line_id} ${offer.id}`), wants.length, now)]
        : [];
    });
    assessed.sort(byScore);
    return { want, ruling, assessed };
  });
  const together = oneSupplier(rows);
  const apart = sources.policy.split === 'never' ? null : lineByLine(rows, sources.policy.split === 'units');
  const takes = better(together, apart, rows);
  for (const take of takes ?? []) {
    const row = rows.find(({ want }) => want.line_id === take.line_id);
    const found = row?.assessed.find(({ offer }) => offer.id === take.offer.id);
    if (found) found.candidate.given += take.quantity;
  }
  const lines = rows.map(
    (row): DecidedLine => ({
      line: row.want.line_id,
      sku: row.want.sku,
      quantity: row.want.quantity,
      objective: row.ruling.objective,
      sentence: takes ? whyThis(row) : whyNobody(row),
      candidates: row.assessed.map(({ candidate }) => candidate),
    }),
  );
  if (!takes)
    return {
      outcome: 'held',
      lines,
      takes: [],
      because:
        lines
          .filter((line) => !line.candidates.some(({ score }) => score !== null))
          .map(({ sku, sentence }) => `${sku}: ${sentence}`)
          .join(' ') || 'No supplier has all of it, and the policy does not spread an order.',
    };
  const names = [...new Set(takes.map(({ supplier }) => supplier.name))];
  return {
    outcome: 'routed',
    lines,
    takes,
    because: lines.length === 1 ? (lines[0]?.sentence ?? '') : `${names.join(' and ')} for ${lines.length} lines.`,
  };
}

function byScore(one: Assessed, other: Assessed): number {
  const difference = (one.candidate.score ?? Infinity) - (other.candidate.score ?? Infinity);
  if (difference) return difference;
  return one.supplier.rank - other.supplier.rank || (one.offer.id < other.offer.id ? -1 : 1);
}

/** The best supplier that can deliver every line whole; null when there is none. */
function oneSupplier(rows: readonly Row[]): Take[] | null {
  let best: { takes: Take[]; score: number } | null = null;
  for (const supplier of new Set(rows[0]?.assessed.map(({ supplier: first }) => first.id))) {
    const left = new Map<string, number>();
    const takes: Take[] = [];
    let score = 0;
    for (const { want, assessed } of rows) {
      const found = assessed.find(
        (one) =>
          one.supplier.id === supplier && one.candidate.score !== null && (left.get(one.offer.id) ?? one.offer.sellable) >= want.quantity,
      );
      if (!found) break;
      left.set(found.offer.id, (left.get(found.offer.id) ?? found.offer.sellable) - want.quantity);
      takes.push({ line_id: want.line_id, offer: found.offer, supplier: found.supplier, quantity: want.quantity });
      score += found.candidate.score ?? 0;
    }
    if (takes.length === rows.length && (best === null || score < best.score)) best = { takes, score };
  }
  return best?.takes ?? null;
}

/** Each line at its best offer that has all of it, or, where units may be spread, from as many as it takes. */
function lineByLine(rows: readonly Row[], spread: boolean): Take[] | null {
  const left = new Map<string, number>();
  const takes: Take[] = [];
  for (const { want, assessed } of rows) {
    const able = assessed.filter(({ candidate }) => candidate.score !== null);
    const stock = (one: Assessed): number => left.get(one.offer.id) ?? one.offer.sellable;
    const whole = able.find((one) => stock(one) >= want.quantity);
    let missing = want.quantity;
    for (const one of whole ? [whole] : spread ? able : []) {
      const quantity = Math.min(missing, stock(one));
      if (quantity <= 0) continue;
      left.set(one.offer.id, stock(one) - quantity);
      takes.push({ line_id: want.line_id, offer: one.offer, supplier: one.supplier, quantity });
      missing -= quantity;
      if (missing === 0) break;
    }
    if (missing > 0) return null;
  }
  return takes;
}

function better(together: Take[] | null, apart: Take[] | null, rows: readonly Row[]): Take[] | null {
  if (!together || !apart) return together ?? apart;
  return weigh(apart, rows) < weigh(together, rows) - 1e-6 ? apart : together;
}

/** What an assignment costs by each line's own objective; by cost, each supplier's parcel counts once. */
function weigh(takes: readonly Take[], rows: readonly Row[]): number {
  let total = 0;
  const parcels = new Map<string, number>();
  for (const { want, ruling, assessed } of rows) {
    for (const take of takes) {
      if (take.line_id !== want.line_id) continue;
      const one = assessed.find(({ offer }) => offer.id === take.offer.id);
      if (!one) continue;
      const behind = Math.floor((one.candidate.score ?? 0) / 1e12) * 1e12;
      if (ruling.objective === 'landed_cost') {
        total += (behind * take.quantity) / want.quantity + one.unit * take.quantity;
        parcels.set(one.supplier.id, one.parcel);
      } else total += ((one.candidate.score ?? 0) * take.quantity) / want.quantity;
    }
  }
  return total + [...parcels.values()].reduce((sum, parcel) => sum + parcel, 0);
}

const objectiveWords = { priority: 'first by rank', landed_cost: 'lowest landed cost', fastest: 'fastest' } as const;

function figure(candidate: Candidate, objective: Ruling['objective']): string {
  if (!candidate.numbers) return '—';
  if (objective === 'priority') return `rank ${candidate.numbers.rank}`;
  if (objective === 'fastest') return `${candidate.numbers.days ?? '?'} days`;
  return showMoney(money(BigInt(candidate.numbers.landed_minor), candidate.numbers.currency));
}

function whyThis({ want, ruling, assessed }: Row): string {
  const given = assessed.filter(({ candidate }) => candidate.given > 0).map(({ candidate }) => candidate);
  const able = assessed.filter(({ candidate }) => candidate.score !== null).map(({ candidate }) => candidate);
  const others = able
    .filter((candidate) => candidate.given === 0)
    .slice(0, 2)
    .map((candidate) => `${candidate.name} ${figure(candidate, ruling.objective)}`);
  const rest = others.length > 0 ? ` ${others.join(', ')}.` : '';
  const stopped = assessed
    .filter(({ candidate }) => candidate.score === null)
    .slice(0, 2)
    .map(({ candidate }) => stoppedBy(candidate));
  const out = stopped.length > 0 ? ` Out: ${stopped.map((why) => why.replace(/\.$/, '')).join('; ')}.` : '';
  const [first] = given;
  if (given.length !== 1 || !first)
    return `${given.map((candidate) => `${candidate.given} from ${candidate.name}`).join(', ')}: nobody has all ${want.quantity}.${rest}${out}`;
  const whole = able.filter(({ numbers }) => (numbers?.stock ?? 0) >= want.quantity);
  const best = able[0] === first ? `of ${able.length} that could` : whole[0] === first ? 'of those that have all of it' : null;
  const reason =
    able.length === 1
      ? 'the only one that could'
      : best
        ? `${objectiveWords[ruling.objective]} (${figure(first, ruling.objective)}) ${best}`
        : `one parcel with the other lines (${figure(first, ruling.objective)})`;
  return `${first.name}: ${reason}.${rest}${out}`;
}

const whyNobody = ({ assessed }: Row): string =>
  assessed.length === 0
    ? 'Nobody offers it.'
    : assessed
        .slice(0, 4)
        .map(({ candidate }) =>
          candidate.score === null ? stoppedBy(candidate) : `${candidate.name} could, but not all of the order could be placed.`,
        )
        .join(' ');

function stoppedBy(candidate: Candidate): string {
  const gate = candidate.gates.find(({ passed }) => !passed);
  return `${candidate.name}: ${gate?.why ?? 'stopped.'}`;
}
