import { expect, test } from 'vitest';
import { projectFiles, readProjectFile } from '../support/project-files.ts';

/** What opens something, by its form. Put together from pieces, so that this file does not find itself. */
const SECRETS: readonly (readonly [what: string, form: RegExp])[] = [
  ['a private key', new RegExp(['-----BEGIN (?:[A-Z]+ )?', 'PRIVATE KEY-----\\r?\\n'].join(''))],
  ['a key of a cloud', new RegExp(['\\b(?:AKIA|ASIA)', '[0-9A-Z]{16}\\b'].join(''))],
  ['a token of a code host', new RegExp(['\\b(?:gh[pousr]|github_pat|glpat)', '[-_][A-Za-z0-9_]{20,}'].join(''))],
  ['a token of a payment service', new RegExp(['\\b[rs]k_', 'live_[A-Za-z0-9]{16,}'].join(''))],
  // Shorter ends sign nothing: they stand in examples.
  [
    'a signed token',
    new RegExp(['\\beyJ[A-Za-z0-9_-]{20,}', '\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{40,}'].join('')),
  ],
  ['a password in an address', new RegExp(['\\b[a-z][a-z+]{2,9}:', '//[a-z0-9_]+:[A-Za-z0-9+/=_-]{16,}@'].join(''))],
];

const isText = (path: string): boolean => !/\.(png|jpg|webp|ico|woff2|wasm)$/.test(path);

const secretsIn = (text: string): readonly string[] =>
  SECRETS.flatMap(([what, form]) => (form.test(text) ? [what] : []));

test('no file of the project holds a secret', () => {
  const found = projectFiles()
    .filter(isText)
    .flatMap((path) => secretsIn(readProjectFile(path)).map((what) => `${path}: ${what}`));
  expect(found).toEqual([]);
});

test('a secret of each kind is found', () => {
  const planted = [
    `-----BEGIN ${'PRIVATE'} KEY-----\nMC4CAQAwBQYDK2VwBCIEI`,
    `AKIA${'ABCDEFGHIJKLMNOP'}`,
    `ghp_${'a1'.repeat(18)}`,
    `sk_${'live'}_${'b2'.repeat(12)}`,
    `eyJ${'c3'.repeat(12)}.eyJ${'d4'.repeat(12)}.${'e5'.repeat(22)}`,
    `postgres://skypark:${'f6'.repeat(10)}@db/skypark`,
  ];
  expect(planted.flatMap(secretsIn)).toEqual(SECRETS.map(([what]) => what));
});

test('no page makes markup of a text', () => {
  const sinks =
    /\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|eval|new Function)\b/;
  const pages = projectFiles().filter((path) => /^web\/(?!test\/).*\.tsx?$/.test(path));
  expect(pages.length).toBeGreaterThan(50);
  expect(pages.filter((path) => sinks.test(readProjectFile(path)))).toEqual([]);
});

test('fields of passwords are masked, and take what a password manager fills in', () => {
  const fields = projectFiles()
    .filter((path) => /^web\/(?!test\/).*\.tsx$/.test(path))
    .flatMap((path) =>
      [
        ...readProjectFile(path).matchAll(
          /<[A-Z][A-Za-z]*\b[^>]*type="password"[^>]*>|<input\b[^>]*type="password"[^>]*>/g,
        ),
      ].map(([field]) => ({ path, field })),
    );
  expect(fields.length).toBeGreaterThan(5);
  const wrong = fields.filter(
    ({ field }) =>
      !/(autoComplete|autocomplete)="(current|new)-password"/.test(field) ||
      /onPaste|maxLength="?([1-9]|[1-5]\d)"?\b/.test(field),
  );
  expect(wrong).toEqual([]);
});
