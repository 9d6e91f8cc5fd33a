/** When a feed is looked for, in words and as forms have it. Pure. */
export interface Schedule {
  everyMinutes?: number;
  whileChangingMinutes?: number;
  at?: readonly string[];
}

const scheduleOf = (value: unknown): Schedule => (typeof value === 'object' && value !== null ? (value as Schedule) : {});
const minutes = (count: number): string => (count % 60 === 0 && count >= 60 ? (count === 60 ? 'hour' : `${count / 60} h`) : `${count} min`);

/** "every hour, every 30 min while it changes; at 06:30 (Europe/Berlin)". */
export function scheduleWords(value: unknown, zone: string): string {
  const { everyMinutes, whileChangingMinutes, at = [] } = scheduleOf(value);
  const said = [
    everyMinutes === undefined
      ? ''
      : `every ${minutes(everyMinutes)}${whileChangingMinutes === undefined ? '' : `, every ${minutes(whileChangingMinutes)} while it changes`}`,
    at.length === 0 ? '' : `at ${at.join(', ')} (${zone})`,
  ].filter((part) => part !== '');
  return said.join('; ') || 'only when asked';
}

/** The same time of day where the viewer is: `06:30` in Berlin is `00:30` in New York. */
export function inOwnZone(time: string, zone: string, now: string): string {
  const match = /^(\d{2}):(\d{2})$/.exec(time);
  if (!match) return '';
  try {
    const there = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
      new Date(now),
    );
    const [hour = 0, minute = 0] = there.split(':').map(Number);
    const ms = Date.parse(now) + ((Number(match[1]) - hour) * 60 + Number(match[2]) - minute) * 60_000;
    return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(ms));
  } catch {
    return '';
  }
}

/** "06:30, 14:00" as times; those that are none are left out. */
export const timesOf = (text: string): string[] =>
  [...new Set(text.split(/[\s,;]+/).filter((time) => /^([01]\d|2[0-3]):[0-5]\d$/.test(time)))].sort();
