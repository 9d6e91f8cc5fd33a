import { expect, it } from 'vitest';
import { inOwnZone, scheduleWords, timesOf } from './schedule.ts';

it('says a schedule as people do', () => {
  expect(scheduleWords({ everyMinutes: 60, whileChangingMinutes: 30 }, 'Europe/Berlin')).toBe('every hour, every 30 min while it changes');
  expect(scheduleWords({ at: ['06:30'] }, 'Europe/Berlin')).toBe('at 06:30 (Europe/Berlin)');
  expect(scheduleWords({}, 'UTC')).toBe('only when asked');
});

it('reads times of the day and leaves out what is none', () => {
  expect(timesOf('14:00, 06:30;25:00 6:30 06:30')).toEqual(['06:30', '14:00']);
});

it('says what a time there is here', () => {
  expect(inOwnZone('06:30', Intl.DateTimeFormat().resolvedOptions().timeZone, '2026-11-25T12:00:00Z')).toBe('06:30');
  expect(inOwnZone('soon', 'Europe/Berlin', '2026-11-25T12:00:00Z')).toBe('');
  expect(inOwnZone('06:30', 'Nowhere/None', '2026-11-25T12:00:00Z')).toBe('');
});
