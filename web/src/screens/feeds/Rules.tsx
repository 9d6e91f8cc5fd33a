import { useNow } from '../../api/live.ts';
import { inOwnZone, scheduleWords, timesOf } from './schedule.ts';
import type { Draft, Wizard } from './useWizard.ts';

const absences = [
  ['keep', 24, 'It keeps its last figures for 24 h, then it has no stock left'],
  ['keep', null, 'It keeps its last figures, and counts for less as it grows older'],
  ['zero', null, 'It has no stock left'],
  ['vanish', null, 'It vanishes, and is not offered any more'],
] as const;

const limits = [
  ['vanished', 'Hold the file when more offers than this are no longer in it'],
  ['costRows', 'or more costs than this jump'],
  ['costMove', 'A cost jumps when it moves by more than'],
  ['zeroed', 'or more offers than this would have no stock left'],
  ['yield', 'or fewer rows than this can be read'],
] as const;

/** What becomes of what is missing, and what a file may not do without a person. */
export function GuardStep({ wizard: { draft, change } }: { wizard: Wizard }) {
  const set = (name: (typeof limits)[number][0], percent: number): void =>
    change({ limits: { ...draft.limits, [name]: Math.max(0, percent) / 100 } });
  return (
    <>
      <fieldset className="feed-choices">
        <legend>An offer that a file no longer has:</legend>
        {absences.map(([code, hours, words]) => (
          <label key={words} className="feed-check">
            <input
              type="radio"
              name="absence"
              checked={draft.absence === code && (draft.keepHours === null) === (hours === null)}
              onChange={() => change({ absence: code, keepHours: hours })}
            />
            <span>{hours !== null && draft.keepHours !== null ? words.replace('24', String(draft.keepHours)) : words}</span>
          </label>
        ))}
      </fieldset>
      <div className="feed-limits">
        {limits.map(([name, words]) => (
          <label key={name} className="feed-limit-row">
            <span>{words}</span>
            <span className="feed-limit">
              <input
                type="number"
                min={0}
                max={name === 'costMove' ? 1000 : 100}
                step={1}
                value={Math.round(draft.limits[name] * 1000) / 10}
                onChange={(event) => set(name, Number(event.target.value))}
              />{' '}
              %
            </span>
          </label>
        ))}
      </div>
      <label className="feed-check">
        <input
          type="checkbox"
          checked={draft.sameFile === 'fresh'}
          onChange={(event) => change({ sameFile: event.target.checked ? 'fresh' : 'hold' })}
        />
        <span>The very same file again proves that nothing has changed (otherwise it is held: they may have stopped writing it)</span>
      </label>
    </>
  );
}

const everys = [5, 10, 15, 30, 60, 120, 240, 720, 1440] as const;
const words = (minutes: number): string => scheduleWords({ everyMinutes: minutes }, '');

export function ScheduleStep({ wizard: { draft, change }, zone }: { wizard: Wizard; zone: string }) {
  const now = useNow();
  const { schedule } = draft;
  const set = (part: Partial<Draft['schedule']>): void => {
    const next = Object.fromEntries(
      Object.entries({ ...schedule, ...part }).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
    );
    change({ schedule: next });
  };
  const minutes = (text: string): number | undefined => (text === '' ? undefined : Number(text));
  return (
    <>
      <div className="feed-fields">
        <label className="field">
          <span>Look</span>
          <select value={schedule.everyMinutes ?? ''} onChange={(event) => set({ everyMinutes: minutes(event.target.value) as number })}>
            <option value="">not by the clock</option>
            {everys.map((one) => (
              <option key={one} value={one}>
                {words(one)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>While it changes</span>
          <select
            value={schedule.whileChangingMinutes ?? ''}
            onChange={(event) => set({ whileChangingMinutes: minutes(event.target.value) as number })}
          >
            <option value="">as often</option>
            {everys.slice(0, 6).map((one) => (
              <option key={one} value={one}>
                {words(one)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>At these times ({zone})</span>
          <input
            defaultValue={(schedule.at ?? []).join(', ')}
            placeholder="06:30, 14:00"
            onBlur={(event) => set({ at: timesOf(event.target.value) })}
          />
        </label>
        <label className="field">
          <span>Overdue after (minutes)</span>
          <input
            type="number"
            min={1}
            value={draft.targetMinutes ?? ''}
            placeholder="by its own rhythm"
            onChange={(event) =>
              change({ targetMinutes: event.target.value === '' ? null : Math.max(1, Math.round(Number(event.target.value))) })
            }
          />
        </label>
      </div>
      <p className="dim">
        {scheduleWords(schedule, zone)}
        {(schedule.at ?? []).length > 0 && now
          ? `; where you are, ${(schedule.at ?? []).map((time) => inOwnZone(time, zone, now)).join(', ')}`
          : ''}
      </p>
    </>
  );
}
