/** A *metric* is a number that is watched over time; its labels are few and known, never an id of a thing or a person. */
export { makeMetrics, type Metrics } from './metrics.ts';
