import { expect, test } from 'vitest';
import { ageOn } from './age.ts';
import { shownAgent } from './shown-agent.ts';

test('a child turns a year older on the birthday, and one of 29 February on 1 March of common years', () => {
  expect(ageOn('2023-12-05', '2026-12-04')).toBe(2);
  expect(ageOn('2023-12-05', '2026-12-05')).toBe(3);
  expect(ageOn('2024-02-29', '2027-02-28')).toBe(2);
  expect(ageOn('2024-02-29', '2027-03-01')).toBe(3);
  expect(ageOn('2024-02-29', '2028-02-29')).toBe(4);
});

test('a browser is shown by what its owner calls it', () => {
  const chrome =
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36';
  expect(shownAgent(chrome)).toBe('Chrome, Android');
  expect(shownAgent(`${chrome} YaBrowser/26.1`)).toBe('Yandex, Android');
  expect(shownAgent('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1')).toBe(
    'Safari, iPhone',
  );
  expect(shownAgent('curl/8')).toBe('curl/8');
  expect(shownAgent(null)).toBe('?');
});
