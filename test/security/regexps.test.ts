import { parseSync } from '@swc/core';
import { expect, test } from 'vitest';
import { isRecord } from '../../src/infrastructure/http/json-schema.ts';
import { projectFiles, readProjectFile } from '../support/project-files.ts';

/** Lengths that come short of hanging an exponential expression, and then as long as any header or field may be. */
const LENGTHS = [16, 20, 24, 28, 500, 8_000];
const SLOW_MS = 100;
/** Expressions over short texts of our own: an amount has some twenty digits, a setting is what the operator wrote. */
const OUR_OWN_TEXTS = ['src/kernel/human-text.ts', 'web/shared/format/digits.ts', 'src/main/settings/kinds.ts'];
const OUR_LONGEST = 500;

/** What is repeated: one of each class that expressions name, and pairs that two branches may both take. */
const PUMPS = [
  'a',
  'A',
  '0',
  ' ',
  '-',
  '.',
  '_',
  ',',
  '"',
  '=',
  '/',
  '\\',
  '%',
  '\t',
  'é',
  'я',
  'a0',
  'a-',
  '0,',
  'a.',
  '""',
  'q=',
];

type Found = { readonly file: string; readonly pattern: string; readonly flags: string };

/** Every expression that is written in a syntax tree. */
function expressionsIn(node: unknown, file: string): readonly Found[] {
  if (Array.isArray(node)) return node.flatMap((item) => expressionsIn(item, file));
  if (!isRecord(node)) return [];
  if (node['type'] === 'RegExpLiteral') {
    return [{ file, pattern: String(node['pattern']), flags: String(node['flags']) }];
  }
  return Object.values(node).flatMap((item) => expressionsIn(item, file));
}

/** The patterns of all schemas of the API. */
function patternsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(patternsOf);
  if (!isRecord(value)) return [];
  const own = typeof value['pattern'] === 'string' ? [value['pattern']] : [];
  return [...own, ...Object.values(value).flatMap(patternsOf)];
}

/** Slow three times: once may be the machine. */
function isSlow(expression: RegExp, text: string): boolean {
  return [1, 2, 3].every(() => {
    const startedAtMs = performance.now();
    expression.lastIndex = 0;
    expression.test(text);
    return performance.now() - startedAtMs > SLOW_MS;
  });
}

/** The text that an expression takes long over; null when there is none. */
function slowOver({ file, pattern, flags }: Found): string | null {
  const expression = new RegExp(pattern, flags);
  const longest = OUR_OWN_TEXTS.includes(file) ? OUR_LONGEST : Infinity;
  for (const length of LENGTHS.filter((one) => one <= longest)) {
    for (const pump of PUMPS) {
      const text = `${pump.repeat(Math.ceil(length / pump.length))}\u0001`;
      if (isSlow(expression, text)) return `${length} × ${JSON.stringify(pump)}`;
    }
  }
  return null;
}

test('no regular expression takes long over a text that was made to be slow', () => {
  const sources = projectFiles().filter(
    (file) => /^(src|web|clients)\/.*\.tsx?$/.test(file) && !file.endsWith('.d.ts'),
  );
  const written = sources.flatMap((file) =>
    expressionsIn(
      parseSync(readProjectFile(file), { syntax: 'typescript', tsx: file.endsWith('x'), target: 'es2022' }),
      file,
    ),
  );
  const document: unknown = JSON.parse(readProjectFile('docs/generated/openapi.json'));
  const declared = [...new Set(patternsOf(document))].map((pattern) => ({ file: 'openapi.json', pattern, flags: 'u' }));
  const all = [...new Map([...written, ...declared].map((one) => [`${one.pattern}/${one.flags}`, one])).values()];
  expect(all.length).toBeGreaterThan(200);
  const slow = all.flatMap((one) => {
    const text = slowOver(one);
    return text === null ? [] : [`${one.file}: /${one.pattern}/${one.flags} over ${text}`];
  });
  expect(slow).toEqual([]);
}, 60_000);

test('one that is exponential is caught', () => {
  expect(slowOver({ file: 'here', pattern: '^(a+)+$', flags: '' })).toMatch(/^2[048] × "a"$/);
});
