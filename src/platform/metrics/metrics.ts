import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Base units only: seconds, bytes. Labels are steps, kinds and classes: some hundred rows in all, however many tenants there are. */
export interface Metrics {
  /** Turns of a step: how long each took, and what became of the things in it. */
  stepSeconds: Histogram<'step'>;
  things: Counter<'step' | 'result'>;
  /** Calls to far sides, by the kind of account (`supplier`, `channel`, `carrier`) and the class of answer (`2xx`, `none`). */
  callSeconds: Histogram<'kind' | 'method' | 'answer'>;
  faults: Counter<'kind' | 'fault'>;
  requestSeconds: Histogram<'route' | 'method' | 'answer'>;
  arrivals: Counter<'kind' | 'result'>;
  mails: Counter<'result'>;
  files: Counter<'way' | 'result'>;
  openExceptions: Gauge<'kind'>;
  /** Age of the oldest thing that is due and was not looked at, per step; the first sign of trouble. */
  oldestDueSeconds: Gauge<'step'>;
  lastSweepTimestampSeconds: Gauge;
  feedAgeSeconds: Gauge<'state'>;
  /** All of it in Prometheus' text format, and that format's content type. */
  text(): Promise<string>;
  contentType: string;
}

const short = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const long = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60];

/** A registry of its own for each program that is composed, so that two in one process (a test, the world) do not add up. */
export function makeMetrics({ ofProcess = true } = {}): Metrics {
  const registry = new Registry();
  if (ofProcess) collectDefaultMetrics({ register: registry, prefix: 'stockless_' });
  const registers = [registry];
  const histogram = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
    new Histogram({ name: `stockless_${name}`, help, labelNames, buckets, registers });
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `stockless_${name}`, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Gauge({ name: `stockless_${name}`, help, labelNames, registers });
  return {
    stepSeconds: histogram('step_seconds', 'How long one turn of a step took', ['step'], short),
    things: counter('things_total', 'Things a step took on, by what became of them', ['step', 'result']),
    callSeconds: histogram('call_seconds', 'How long a call to a far side took', ['kind', 'method', 'answer'], long),
    faults: counter('faults_total', 'Faults of far sides', ['kind', 'fault']),
    requestSeconds: histogram('request_seconds', 'How long answering a request took', ['route', 'method', 'answer'], short),
    arrivals: counter('arrivals_total', 'What arrived from outside', ['kind', 'result']),
    mails: counter('mails_total', 'Mails said to the outside', ['result']),
    files: counter('files_total', 'Files given and taken', ['way', 'result']),
    openExceptions: gauge('open_exceptions', 'Exceptions nobody has closed', ['kind']),
    oldestDueSeconds: gauge('oldest_due_seconds', 'Age of the oldest thing that is due', ['step']),
    lastSweepTimestampSeconds: gauge('last_sweep_timestamp_seconds', 'When every bell was last rung', []),
    feedAgeSeconds: gauge('feed_age_seconds', 'Age of the oldest live feed', ['state']),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
