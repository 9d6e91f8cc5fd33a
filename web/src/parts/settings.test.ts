import { expect, test } from 'vitest';
import { settingName, settingText } from './settings.tsx';

test('known settings have words, others are said by their name', () => {
  expect(settingName('baseUrl')).toBe('Address');
  expect(settingName('ackHours')).toBe('Ack hours');
  expect(settingName('order_folder')).toBe('Order folder');
});

test('values read as people say them', () => {
  expect(settingText('pollMinutes', 30)).toBe('every 30 min');
  expect(settingText('dedupes', false)).toBe('No');
  expect(settingText('feed', { decimal: ',', delimiter: ';' })).toBe('semicolon between columns, decimal comma');
});

test('what has no words is shown as it is kept', () => {
  expect(settingText('baseUrl', 'https://api.test/')).toBeNull();
  expect(settingText('feed', {})).toBeNull();
});
