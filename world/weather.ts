import { happens } from '#kernel/chance';
import { dice, stretch } from './dice.ts';
import type { WeatherName } from './words.ts';

/** Everything that may go wrong between us and the outside, each with how often it does in fair weather and in a storm. */
const kinds = {
  refused: [0.001, 0.03], // no connection: nothing happened
  reset: [0.001, 0.03], // cut off before anything was taken
  timeout: [0.001, 0.02], // no answer, and nothing was done
  lost: [0.002, 0.06], // no answer, though it was done
  error: [0.002, 0.04], // 500, not done
  applied_error: [0.0005, 0.02], // 500, done all the same
  limited: [0.002, 0.05], // 429, with or without Retry-After
  unavailable: [0.001, 0.04], // 503
  truncated: [0.0005, 0.02], // the answer breaks off
  html: [0.0005, 0.01], // a maintenance page with status 200
  page_repeat: [0.001, 0.05], // a row of a page comes twice
  page_skip: [0.0005, 0.03], // a row of a page is missing, this once
  late_row: [0.005, 0.1], // an order shows up some seconds after its own time stamp
  hook_lost: [0.01, 0.3],
  hook_late: [0.02, 0.2],
  hook_twice: [0.02, 0.2], // again under the same id, later
  hook_renamed: [0.003, 0.08], // again under a new id
  hook_at_once: [0.01, 0.1], // two copies at the same instant
  hook_stale: [0.003, 0.08], // an older state of the order comes after the newer one
  drop_refused: [0.001, 0.05],
  drop_lost: [0.001, 0.04], // written, but the connection broke before the answer
  drop_stale: [0.002, 0.08], // the listing is an old one
  file_again: [0.002, 0.05], // a file that was taken shows up again under another name
  mail_refused: [0.001, 0.04],
  mail_lost: [0.001, 0.03], // taken after DATA, answer lost
  scan_late: [0.05, 0.3],
  scan_twice: [0.03, 0.2],
  scan_out_of_order: [0.02, 0.2],
  scan_before_label: [0.004, 0.05],
  parcel_stuck: [0.008, 0.05],
  parcel_lost: [0.003, 0.02],
  parcel_returned: [0.004, 0.02],
  answer_twice: [0.005, 0.15],
  answer_late: [0.01, 0.1],
  out_of_office: [0.02, 0.1],
  feed_poisoned: [0, 0.2], // a list that is wrong as a whole: every cost, every figure, half a file
} as const;

export type FaultName = keyof typeof kinds;
export const faultNames = Object.keys(kinds) as FaultName[];
export type Rates = Record<FaultName, number>;

const stillRates = (): Rates => Object.fromEntries(faultNames.map((name) => [name, 0])) as Rates;

/** How often each fault comes down. A swarm's seed decides which third of them, and how hard, so that seeds differ in kind. */
export function ratesOf(name: WeatherName, seed: number): Rates {
  const rates = stillRates();
  if (name === 'still') return rates;
  for (const fault of faultNames) {
    const [fair, storm] = kinds[fault];
    const chance = dice(seed, 'weather', fault);
    if (name === 'fair') rates[fault] = fair;
    else if (name === 'storm') rates[fault] = storm;
    else if (happens(chance, 1 / 3)) rates[fault] = Math.min(0.3, stretch(chance, 0.001, storm * 3));
  }
  return rates;
}
