import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectFiles, projectRoot, readProjectFile } from '../support/project-files.ts';

const files = projectFiles();

const topLevel = [
  'src/',
  'web/',
  'test/',
  'deploy/',
  'models/',
  'docs/',
  'tools/',
  'bench/',
  'clients/',
  '.ci/',
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'schema.sql',
  'openapi.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
  'knip.json',
  'redocly.yaml',
  '.dependency-cruiser.mjs',
  '.oxlintrc.json',
  '.prettierrc.json',
  '.prettierignore',
  '.editorconfig',
  '.gitignore',
  '.gitattributes',
  '.squawk.toml',
  '.dockerignore',
  '.nvmrc',
];

const moduleNames = 'auth|user|park|booking|admission|payment|loyalty|ledger|fiscal|notify|office|nodes';
const sourceFolders = [
  /^src\/main(\/(cli|metrics|settings|wiring))?$/,
  /^src\/flows$/,
  /^src\/kernel(\/crdt)?$/,
  /^src\/infrastructure(\/[a-z0-9-]+)*$/,
  /^src\/sync\/(protocol|headquarters|park)$/,
  new RegExp(`^src/modules/(${moduleNames})(/(domain|application|http|persistence|persistence/migrations))?$`),
];

/** Binary files hold no words. */
const isText = (path: string): boolean => !/\.(png|jpg|ico|woff2|wasm)$/.test(path);

// Put together from pieces, so that this file does not find itself.
const foreignWords = [
  ['registry', '.npmjs'],
  ['registry', '.yarnpkg'],
  ['npm', 'mirror'],
  ['art', 'ifactory'],
  ['/work', '/main'],
  ['/work', '/shared'],
  ['shared', '/design'],
  ['shared', '/research'],
  ['/tmp', '/team'],
].map((pieces) => pieces.join(''));

/** Local targets of the links and images of a markdown text, without anchors. Code is not text. */
function localLinks(markdown: string): string[] {
  const prose = markdown.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

describe('the tree', () => {
  test('the top level holds only what is agreed', () => {
    const unknown = files.filter(
      (path) => !topLevel.some((entry) => path === entry || (entry.endsWith('/') && path.startsWith(entry))),
    );
    expect(unknown).toEqual([]);
  });

  test('src holds only rooms of the house', () => {
    const folders = new Set(files.filter((path) => path.startsWith('src/')).map((path) => dirname(path)));
    expect([...folders].filter((folder) => !sourceFolders.some((allowed) => allowed.test(folder)))).toEqual([]);
  });

  test('a module has its two doors at the top and nothing else but tests', () => {
    const loose = files.filter(
      (path) =>
        /^src\/modules\/[^/]+\/[^/]+$/.test(path) &&
        !/\/((contract|module)|[a-z-]+\.(test|int\.test|suite))\.ts$/.test(path),
    );
    expect(loose).toEqual([]);
  });

  test('file names are kebab-case', () => {
    const named = files.filter((path) => /^(src|test|tools|bench|models|web)\//.test(path));
    const kebab = /^(\.?[a-z0-9]+(-[a-z0-9]+)*)(\.[a-z0-9]+)*$/;
    expect(named.filter((path) => !path.split('/').every((part) => kebab.test(part)))).toEqual([]);
  });

  test('what runs before the build needs nothing but Node', () => {
    const early = files.filter((path) => /^tools\/.*\.mjs$/.test(path));
    const imported = early.flatMap((path) =>
      [...readProjectFile(path).matchAll(/^import .*from '([^']+)';$/gm)].map(([, name = '']) => name),
    );
    expect(imported.filter((name) => !name.startsWith('node:') && !name.startsWith('./'))).toEqual([]);
  });
});

describe('the words', () => {
  test('no file names a package registry or a path of one workplace', () => {
    const found = files.filter(isText).flatMap((path) => {
      const text = readProjectFile(path);
      return foreignWords.filter((word) => text.includes(word)).map((word) => `${path}: ${word}`);
    });
    expect(found).toEqual([]);
  });

  test('every local link in a document leads somewhere', () => {
    const dead = files
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        localLinks(readProjectFile(path))
          .filter(
            (target) => !existsSync(join(projectRoot, target.startsWith('/') ? target : join(dirname(path), target))),
          )
          .map((target) => `${path} → ${target}`),
      );
    expect(dead).toEqual([]);
  });

  test('a decision has a number of its own, in its name and in its title', () => {
    const decisions = files.filter((path) => path.startsWith('docs/adr/'));
    const numbers = decisions.map((path) => Number(basename(path).slice(0, 4)));
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual([]);
    const titled = decisions.map((path) => Number(/^# (\d+)\. /.exec(readProjectFile(path))?.[1]));
    expect(titled).toEqual(numbers);
  });

  test('scripts that are run directly may be run', () => {
    const scripts = files.filter((path) => path.endsWith('.sh') || path === '.ci/run');
    const notExecutable = scripts.filter((path) => (statSync(join(projectRoot, path)).mode & 0o111) === 0);
    expect(notExecutable).toEqual([]);
  });
});
