import { afterAll, expect, test, vi } from 'vitest';

vi.hoisted(() => {
  vi.stubGlobal('localStorage', { getItem: () => 'ru', setItem: () => undefined });
  vi.stubGlobal('document', { documentElement: {} });
});
afterAll(() => void vi.unstubAllGlobals());

const { createTexts } = await import('./texts.ts');
const { language } = await import('./language.ts');

test('the language that was chosen last is shown, whichever comes last', async () => {
  const waiting: (() => void)[] = [];
  const texts = createTexts<string>({
    ru: async () => ({ texts: 'по-русски' }),
    ky: () => new Promise((resolve) => waiting.push(() => resolve({ texts: 'кыргызча' }))),
    en: async () => ({ texts: 'in English' }),
  });
  await texts.use('ru');
  const slow = texts.use('ky');
  await texts.use('en');
  waiting.forEach((arrive) => arrive());
  await slow;
  expect([texts(), language.value]).toEqual(['in English', 'en']);
  language.value = 'ru';
});
