import { type Static, type TObject, Type } from 'typebox';
import { Id, Instant, Maybe, Money, Named, Text } from './schemas.ts';

/** Feeds: where they come from, how their files are read, what each run did or would do. */

const closed = { additionalProperties: false } as const;
const Share = Type.Number({ minimum: 0, maximum: 1 });
const Free = Type.Record(Type.String({ maxLength: 60 }), Type.Unknown(), { maxProperties: 60 });

export const FeedLimits = Type.Object({
  vanished: Share,
  costMove: Type.Number({ minimum: 0, maximum: 100 }),
  costRows: Share,
  zeroed: Share,
  yield: Share,
  zeroCost: Share,
  damaged: Share,
  shrunk: Share,
});

const closedStep = { additionalProperties: false } as const;
const When = Type.Optional(Type.Enum(['empty', 'always']));
/** A change to what a field says before it is read; several are done one after the other. */
export const FeedTransformShape = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('join'),
      columns: Type.Array(Text(400), { maxItems: 20 }),
      with: Type.Optional(Text(20)),
      when: When,
      leaveOut: Type.Optional(Type.Array(Text(200), { maxItems: 20 })),
    },
    closedStep,
  ),
  Type.Object({ kind: Type.Literal('multiply'), by: Text(20, { description: 'A plain decimal: 0.01 for cents' }) }, closedStep),
  Type.Object({ kind: Type.Literal('take'), after: Type.Optional(Text(100)), before: Type.Optional(Text(100)) }, closedStep),
  Type.Object({ kind: Type.Literal('replace'), from: Text(400), to: Text(400), whole: Type.Optional(Type.Boolean()) }, closedStep),
  Type.Object({ kind: Type.Literal('constant'), text: Text(400), when: When }, closedStep),
]);

/** What a person confirmed about how a file is written; whatever is left out is guessed. */
export const FeedMappingShape = Type.Object(
  {
    columns: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Maybe(Text(400)), { maxProperties: 60 })),
    encoding: Type.Optional(Text(40)),
    delimiter: Type.Optional(Text(1, { minLength: 1 })),
    headerRow: Type.Optional(Maybe(Type.Integer({ minimum: 1, maximum: 1000 }))),
    decimal: Type.Optional(Type.Enum(['.', ','])),
    records: Type.Optional(Text(300)),
    starts: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: 1_000_000 }), {
        maxItems: 200,
        description: 'Fixed width: where each column begins, from 1',
      }),
    ),
    fillDown: Type.Optional(
      Text(400, { description: 'Rows that say the same in this column belong together: what is blank is as on the row above' }),
    ),
    shortRows: Type.Optional(Type.Enum(['refuse', 'fill'])),
    transforms: Type.Optional(
      Type.Record(Type.String({ maxLength: 40 }), Type.Array(FeedTransformShape, { maxItems: 10 }), { maxProperties: 60 }),
    ),
  },
  { maxProperties: 60, description: 'Further words as the formats know them: sheet, weightUnit, finePrices, values …' },
);

export const FeedSettingsShape = Type.Object({
  mapping: Type.Optional(FeedMappingShape),
  absence: Type.Enum(['keep', 'zero', 'vanish']),
  keepHours: Maybe(Type.Integer({ minimum: 1, maximum: 8_760, description: 'With keep: then it has none left' })),
  buffer: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
  wordUnits: Maybe(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  graceMinutes: Type.Integer({ minimum: 0, maximum: 43_200 }),
  sameFile: Type.Enum(['hold', 'fresh']),
  newColumns: Type.Enum(['hold', 'pass']),
  trailer: Text(100),
  keepFiles: Type.Integer({ minimum: 1, maximum: 100 }),
  keepRuns: Type.Integer({ minimum: 1, maximum: 365 }),
  limits: FeedLimits,
});

const Schedule = Type.Object(
  {
    everyMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_080 })),
    whileChangingMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_080 })),
    at: Type.Optional(
      Type.Array(Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' }), { maxItems: 24, description: "In the supplier's zone" }),
    ),
  },
  closed,
);
export const FeedTransport = Type.Enum(['upload', 'http', 'sftp', 'ftp', 'folder', 'mail', 'rest']);

const SourceChange = Type.Object(
  {
    transport: Type.Optional(FeedTransport),
    settings: Type.Optional(Free),
    secrets: Type.Optional(
      Type.Record(Type.String({ maxLength: 40 }), Text(20_000), { maxProperties: 10, description: 'Kept sealed, never shown again' }),
    ),
    schedule: Type.Optional(Schedule),
    targetMinutes: Type.Optional(Maybe(Type.Integer({ minimum: 1, maximum: 525_600 }))),
  },
  closed,
);
const optional = (of: TObject) => Object.fromEntries(Object.entries(of.properties).map(([name, schema]) => [name, Type.Optional(schema)]));

export const FeedChange = Type.Object(
  { ...optional(FeedSettingsShape), limits: Type.Optional(Type.Object(optional(FeedLimits), closed)), source: Type.Optional(SourceChange) },
  { ...closed, minProperties: 1 },
);
export const FeedPartShape = Type.Object(
  Object.fromEntries(['stock', 'cost', 'texts', 'fresh', 'gone', 'flagged'].map((name) => [name, Type.Optional(Type.Boolean())])),
  closed,
);

const RunState = Type.Enum(['waiting', 'running', 'applied', 'held', 'failed', 'cancelled']);
export const FeedRow = Type.Object({
  supplier: Named('supplier'),
  code: Type.String(),
  transport: FeedTransport,
  state: Type.Enum(['none', 'waiting', 'polled', 'stopped', 'paused']),
  trouble: Type.String(),
  timeZone: Type.String(),
  freshAt: Maybe(Instant),
  askedAt: Maybe(Instant),
  dueAt: Maybe(Instant),
  allowedMinutes: Maybe(Type.Integer({ description: 'How old it may get' })),
  allowedBy: Type.Enum(['agreement', 'rhythm', 'nothing']),
  overdueAt: Maybe(Instant),
  offers: Type.Integer(),
  rows: Maybe(Type.Integer()),
  changed: Maybe(Type.Integer()),
  held: Type.Integer(),
  runs: Type.Array(Type.Object({ id: Id('run'), state: RunState, kind: Type.String(), at: Instant, changed: Type.Integer() }), {
    description: 'The last fourteen, the newest first',
  }),
});
export type FeedRow = Static<typeof FeedRow>;

export const FeedDetail = Type.Object({
  ...FeedRow.properties,
  currency: Type.String(),
  settings: FeedSettingsShape,
  source: Type.Object({ settings: Free, schedule: Type.Unknown(), hasSecrets: Type.Boolean(), targetMinutes: Maybe(Type.Integer()) }),
});
export type FeedDetail = Static<typeof FeedDetail>;

export const GuardSeen = Type.Object({
  guard: Type.String(),
  count: Type.Integer(),
  of: Type.Integer(),
  limit: Maybe(Type.Number()),
  why: Type.String(),
});
export const GuardHistory = Type.Object({
  runs: Type.Integer({ description: 'Looked at' }),
  guards: Type.Array(
    Type.Object({
      guard: Type.String(),
      limit: Maybe(Type.Number()),
      fired: Type.Integer(),
      wouldFire: Type.Integer(),
      most: Maybe(Type.Number({ description: 'The largest share of them' })),
    }),
  ),
});
export type GuardHistory = Static<typeof GuardHistory>;

export const OfferChangeRow = Type.Object({
  offer: Id('offer'),
  supplierSku: Type.String(),
  title: Type.String(),
  what: Type.Array(Type.String()),
  flags: Type.Array(Type.String()),
  cost: Type.Object({ before: Maybe(Money), after: Maybe(Money) }),
  quantity: Type.Object({ before: Maybe(Type.Integer()), after: Maybe(Type.Integer()) }),
  titleBefore: Maybe(Type.String()),
});
export type OfferChangeRow = Static<typeof OfferChangeRow>;

export const FeedRunDetail = Type.Object({
  id: Id('run'),
  supplier: Named('supplier'),
  name: Type.String(),
  state: RunState,
  kind: Type.String(),
  actor: Type.String(),
  origin: Type.String(),
  bytes: Type.Integer(),
  hash: Type.String(),
  hasFile: Type.Boolean(),
  hasChanges: Type.Boolean(),
  why: Type.String(),
  rows: Type.Object(Object.fromEntries(['read', 'new', 'changed', 'same', 'refused', 'gone'].map((name) => [name, Type.Integer()]))),
  refused: Type.Array(Type.Object({ line: Type.Integer(), field: Maybe(Type.String()), value: Type.String(), why: Type.String() })),
  progress: Maybe(Type.Object({ done: Type.Integer(), total: Type.Integer() })),
  observedAt: Maybe(Instant),
  startedAt: Instant,
  endedAt: Maybe(Instant),
  stages: Type.Array(Type.Object({ name: Type.String(), at: Instant, ms: Type.Integer() })),
  guards: Type.Array(GuardSeen),
  part: Maybe(FeedPartShape),
  basedOn: Maybe(Id('run')),
  before: Maybe(Id('run')),
  headers: Type.Array(Type.String()),
  reading: Type.Record(Type.String(), Type.Unknown()),
  columns: Maybe(
    Type.Object({
      added: Type.Array(Type.String()),
      gone: Type.Array(Type.String()),
      renamed: Type.Array(Type.Object({ from: Type.String(), to: Type.String() })),
      moved: Type.Array(Type.Object({ field: Type.String(), from: Maybe(Type.String()), to: Maybe(Type.String()) })),
      suggested: Type.Record(Type.String(), Type.String()),
    }),
  ),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'Changed offers by what changed; flagged ones' }),
  movers: Type.Array(OfferChangeRow),
});
export type FeedRunDetail = Static<typeof FeedRunDetail>;

const PreviewProblem = Type.Object({
  line: Type.Integer(),
  kind: Type.Enum(['error', 'warning']),
  field: Maybe(Type.String()),
  value: Type.String(),
  why: Type.String(),
});
const PreviewRow = Type.Object({
  line: Type.Integer(),
  cells: Type.Record(Type.String(), Maybe(Type.Union([Type.String(), Type.Number(), Type.Boolean()])), {
    description: 'By field, after transforms',
  }),
  problems: Type.Array(PreviewProblem),
});
export const FeedPreview = Type.Object({
  id: Id('feedPreview'),
  name: Type.String(),
  bytes: Type.Integer(),
  detected: Type.Object({
    sentence: Type.String(),
    format: Type.String(),
    encoding: Type.String(),
    delimiter: Maybe(Type.String()),
    headerRow: Maybe(Type.Integer()),
    decimal: Maybe(Type.String()),
    records: Maybe(Type.String()),
    more: Type.Record(Type.String(), Type.Unknown(), { description: 'What else was guessed, by the words of the mapping' }),
    confidence: Type.Number(),
    notes: Type.Array(Type.String()),
  }),
  fields: Type.Array(Type.String(), { description: 'All that a column can be mapped to' }),
  columns: Type.Array(
    Type.Object({
      name: Type.String(),
      samples: Type.Array(Type.String()),
      field: Maybe(Type.String()),
      sureness: Maybe(Type.Enum(['sure', 'likely', 'guess', 'said'])),
    }),
  ),
  rows: Type.Array(PreviewRow),
  odd: Type.Array(PreviewRow, { description: 'The first with a warning' }),
  problems: Type.Array(PreviewProblem),
  counts: Type.Object({ rows: Type.Integer(), fine: Type.Integer(), warnings: Type.Integer(), errors: Type.Integer() }),
  isCut: Type.Boolean({ description: 'More rows follow than were looked at' }),
  trouble: Maybe(Type.Object({ code: Type.String(), message: Type.String(), fix: Type.String() })),
  settings: FeedSettingsShape,
  ms: Type.Integer({ description: 'How long the reading took' }),
});
export type FeedPreview = Static<typeof FeedPreview>;

export const FeedPreviewAsk = Type.Object(
  {
    supplier: Type.Optional(Text(60)),
    mapping: Type.Optional(FeedMappingShape),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
  },
  closed,
);
export const FeedPreviewSource = Type.Object(
  {
    ...FeedPreviewAsk.properties,
    transport: Type.Enum(['http', 'sftp', 'ftp', 'folder', 'mail', 'rest']),
    settings: Free,
    secrets: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Text(20_000), { maxProperties: 10 })),
  },
  closed,
);
