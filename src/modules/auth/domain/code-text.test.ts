import { expect, test } from 'vitest';
import { codeText } from './code-text.ts';

const LANGUAGES = ['ru', 'ky', 'en'] as const;
const PURPOSES = ['login', 'reset', 'verify'] as const;

test('a code comes in one message, in the own language, and says what it opens', () => {
  const texts = LANGUAGES.flatMap((language) =>
    PURPOSES.map((purpose) => codeText({ code: '012345', purpose, language })),
  );
  expect(new Set(texts).size).toBe(9);
  for (const text of texts) {
    expect(text).toContain('012345');
    expect(text.match(/\d+/g)).toHaveLength(1);
    expect(text.length).toBeLessThanOrEqual(70);
  }
});
