import { expect, test } from 'vitest';
import { isUuid } from './ids.ts';

test('only the lower-case form of a UUID is one', () => {
  expect(isUuid('2ed6657d-e927-568b-95e1-2665a8aea6a2')).toBe(true);
  expect(isUuid('2ED6657D-E927-568B-95E1-2665A8AEA6A2')).toBe(false);
  expect(isUuid('2ed6657de927568b95e12665a8aea6a2')).toBe(false);
  expect(isUuid('2ed6657d-e927-568b-15e1-2665a8aea6a2')).toBe(false);
  expect(isUuid('2ed6657d-e927-568b-95e1-2665a8aea6a2\n')).toBe(false);
  expect(isUuid('00000000-0000-0000-0000-000000000000')).toBe(false);
});
