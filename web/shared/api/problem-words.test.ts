import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { language } from '../i18n/language.ts';
import type { Problem } from './outcome.ts';
import { problemInWords } from './problem-words.ts';

// The language of a page is read from its browser when it begins.
vi.hoisted(() => vi.stubGlobal('localStorage', { getItem: () => 'ru' }));
afterAll(() => void vi.unstubAllGlobals());
afterEach(() => void (language.value = 'ru'));

const REFUSED: Problem = {
  code: 'precondition_failed',
  title: 'Кто-то уже изменил',
  detail: 'It was changed meanwhile.',
  fields: [],
  status: 412,
  retryAfterSeconds: null,
};

test('a problem is told in the language of the reader, and never without words', () => {
  expect(problemInWords(REFUSED)).toEqual({ title: 'Кто-то уже изменил', detail: 'Кто-то уже изменил' });
  const silent = { ...REFUSED, title: '', detail: '' };
  expect(problemInWords({ ...silent, code: 'offline' }).title).toBe('Нет связи');
  expect(problemInWords({ ...silent, code: 'internal' }).title).toBe('У нас что-то сломалось');
});

test('English says the particulars, and leaves those of fields to the fields', () => {
  language.value = 'en';
  expect(problemInWords(REFUSED).detail).toBe('It was changed meanwhile.');
  const fields = [{ path: 'url', message: 'must be https' }];
  expect(problemInWords({ ...REFUSED, fields }).detail).toBe(REFUSED.title);
});
