import { expect, test } from 'vitest';
import type { Measure } from '../../api/types.ts';
import { changeOf, showMeasure } from './measures.ts';

const measure = (more: Partial<Measure>): Measure => ({
  name: 'fill_rate',
  value: 0.95,
  unit: 'share',
  previous: 0.93,
  better: 'up',
  n: 10,
  spark: [],
  ...more,
});

test('a change of a percentage is in points, and says whether it is good', () => {
  expect(changeOf(measure({}))).toEqual({ word: 'better', by: '+2.0 points' });
  expect(changeOf(measure({ value: 19.2, previous: 22.4, unit: 'hours', better: 'down' }))).toEqual({ word: 'better', by: '−3.2 h' });
  expect(changeOf(measure({ value: 0.91 }))).toEqual({ word: 'worse', by: '−2.0 points' });
});

test('what hardly moved is unchanged, and nothing is compared with nothing', () => {
  expect(changeOf(measure({ value: 0.9301 }))).toEqual({ word: 'unchanged', by: '' });
  expect(changeOf(measure({ previous: null }))).toBeNull();
  expect(showMeasure(null, 'share')).toBe('—');
});
