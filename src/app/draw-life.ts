import { readFileSync, writeFileSync } from 'node:fs';
import { storeKinds } from '#connectors/stores';
import { fileURLToPath } from 'node:url';
import type { Given } from '#flows/far';
import { feedLife } from '#flows/feed-life';
import { feedSteps, type FetchRoom } from '#flows/feed-sources';
import { listingLife } from '#flows/listing-life';
import { orderLife } from '#flows/order-life';
import { storeLife } from '#flows/store-life';
import { orderStatuses } from '#modules/orders';
import { describeSettings } from '#platform/config';
import type { AnyStep } from '#platform/work';
import type { StoreKind } from '#ports/store';

/** A part of a page of the docs that is drawn from the code, between two comments that bear its name. */
export interface Drawn {
  path: string;
  name: string;
  text: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Steps are only looked at here and never run, so nothing has to be given to them. */
const steps = (): readonly AnyStep[] => [...orderLife({} as Given), ...storeLife, ...listingLife, ...feedSteps({} as FetchRoom)];

/** Everything in the docs that the code knows better. */
export const drawnDocs = (): readonly Drawn[] => [
  { path: 'ARCHITECTURE.md', name: 'steps', text: stepTable(steps()) },
  { path: 'ARCHITECTURE.md', name: 'order', text: stateDiagram(steps(), 'order') },
  { path: 'ARCHITECTURE.md', name: 'purchase', text: stateDiagram(steps(), 'purchase') },
  { path: 'docs/words.md', name: 'states', text: stateTable(steps()) },
  { path: 'docs/operate/settings.md', name: 'settings', text: describeSettings().trim() },
  { path: 'docs/operate/stores.md', name: 'kinds', text: storeKinds.map(kindPage).join('\n\n') },
];

/** The page with the part put in; throws when the page has no place for it. */
export function putIn(page: string, { path, name, text }: Drawn): string {
  const [begin, end] = [`<!-- drawn: ${name} -->`, `<!-- end: ${name} -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has no place for "${name}": put the lines "${begin}" and "${end}" where it belongs.`);
  return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
}

/** `stockless docs`: draws everything anew; returns the pages that changed. */
export function drawDocs(): string[] {
  return drawnDocs().flatMap((drawn) => {
    const file = `${root}${drawn.path}`;
    const before = readFileSync(file, 'utf8');
    const now = putIn(before, drawn);
    if (now === before) return [];
    writeFileSync(file, now);
    return [`${drawn.path} (${drawn.name})`];
  });
}

const kinds: Readonly<Record<AnyStep['kind'], string>> = { inside: 'our tables', outside: 'says', read: 'asks' };

/** What a person has to know to connect a store of this kind, as its connector says. */
function kindPage({ name, kind, steps: how, fields, scopes, hear, cannot }: StoreKind): string {
  const asked = fields.map(
    ({ name: field, label, required, hint }) => `| \`${field}\` | ${label}${required ? '' : ' (may be left out)'} | ${hint} |`,
  );
  return [
    `### ${name} (\`${kind}\`)`,
    how.map((step, place) => `${place + 1}. ${step}`).join('\n'),
    ['| Field | What | Where |', '|---|---|---|', ...asked].join('\n'),
    `It needs ${scopes.map(({ name: scope, why }) => `\`${scope}\` ${why}`).join('; ')}. ${hear ? 'It tells of orders by webhook.' : 'It sends no webhooks: it is asked only.'}`,
    ...(cannot.length > 0
      ? [`What cannot be:\n\n${cannot.map(({ what, why }) => `- ${what.replace(/\.$/, '')}: ${why}`).join('\n')}`]
      : []),
  ].join('\n\n');
}

/** All steps in reading order: what each takes, and where it may lead. */
export function stepTable(all: readonly AnyStep[]): string {
  const rows = all.map((step) => {
    const doubt = step.kind === 'outside' ? `, on the wire *${step.during}*, in doubt *${step.doubt}*` : '';
    return `| \`${step.name}\` | ${step.thing.name} | ${kinds[step.kind]} | ${statesIn(step, step.from)}${doubt} | ${statesIn(step, step.to)} |`;
  });
  return ['| Step | Takes | Touches | From | May lead to |', '|---|---|---|---|---|', ...rows].join('\n');
}

/** A long list is said by what it leaves out. */
function statesIn({ thing }: AnyStep, states: readonly string[]): string {
  const all = thing.states as readonly string[];
  const left = all.filter((state) => !states.includes(state));
  if (all.length > 8 && states.length > all.length / 2) return left.length === 0 ? 'any' : `any but ${left.join(', ')}`;
  return states.join(', ');
}

/** The moves of one kind of thing as a Mermaid diagram, its step written on each arrow. */
export function stateDiagram(all: readonly AnyStep[], thing: string): string {
  const arrows = new Map<string, string[]>();
  const draw = (from: string, to: string, step: string): void => {
    const known = arrows.get(`${from} --> ${to}`) ?? [];
    arrows.set(`${from} --> ${to}`, known.includes(step) ? known : [...known, step]);
  };
  for (const step of all.filter((one) => one.thing.name === thing)) {
    const name = step.name;
    if (step.kind === 'outside') {
      for (const from of step.from) draw(from, step.during, name);
      draw(step.during, step.doubt, 'no answer');
      for (const from of step.from) {
        draw(step.during, from, 'not sent, tried again');
        draw(step.doubt, from, 'it is not there');
      }
      for (const to of step.to)
        for (const from of [step.during, step.doubt]) if (from !== to) draw(from, to, from === step.doubt ? 'settled' : name);
    } else {
      for (const from of step.from) for (const to of step.to) if (from !== to) draw(from, to, name);
    }
  }
  return ['```mermaid', 'stateDiagram-v2', ...[...arrows].map(([arrow, names]) => `  ${arrow}: ${names.join(', ')}`), '```'].join('\n');
}

/** The states of every kind of thing, as the code lists them. */
export function stateTable(all: readonly AnyStep[]): string {
  const things = new Map(
    all.map(({ thing }) => [
      `${thing.name}${thing.stateColumn === 'state' ? '' : `, ${thing.stateColumn}`}`,
      thing.states as readonly string[],
    ]),
  );
  const rows = [...things, ['order, status (what people read)', orderStatuses] as const, [feedLife.name, feedLife.states] as const];
  return [
    '| Thing | States |',
    '|---|---|',
    ...rows.map(([name, states]) => `| ${name} | ${states.map((state) => `\`${state}\``).join(' ')} |`),
  ].join('\n');
}
