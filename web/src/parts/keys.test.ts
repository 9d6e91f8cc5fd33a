import { expect, test } from 'vitest';
import { nameOf } from './keys.ts';

const press = (key: string, more: Partial<{ ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }> = {}) =>
  nameOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

test('keys are named alike on every keyboard', () => {
  expect(press('J')).toBe('j');
  expect(press(' ')).toBe('space');
  expect(press('k', { metaKey: true })).toBe('mod+k');
  expect(press('k', { ctrlKey: true })).toBe('mod+k');
  expect(press('X', { shiftKey: true })).toBe('shift+x');
  expect(press('ArrowDown')).toBe('arrowdown');
});

test('a sign that needs shift on some keyboards is the sign', () => {
  expect(press('?', { shiftKey: true })).toBe('?');
  expect(press('/', { shiftKey: true })).toBe('/');
});
