import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot, readProjectFile } from '../support/project-files.ts';

type Row = {
  readonly cells: readonly string[];
  readonly proofs: readonly { readonly title: string; readonly file: string }[];
};

const LINK = /\[((?:[^\]\\]|\\.)+)\]\(([^)]+)\)/g;
const unescaped = (text: string): string => text.replaceAll(/\\([\\`*_<>#|[\]])/g, '$1');

/** The rows of the tables of a page whose last column is called `proof`. */
function rowsOf(page: string): readonly Row[] {
  const rows: Row[] = [];
  let isProof = false;
  for (const line of readProjectFile(page).split('\n')) {
    const cells = line.startsWith('|')
      ? line
          .slice(1, -1)
          .split(' | ')
          .map((cell) => cell.trim().replace(/^\|\s*|\s*\|$/g, ''))
      : [];
    if (cells.length === 0) isProof = false;
    else if (cells.at(-1) === 'proof') isProof = true;
    else if (isProof && !/^-+$/.test(cells.at(-1) ?? '-')) {
      const proofs = [...(cells.at(-1) ?? '').matchAll(LINK)].map(([, title = '', target = '']) => ({
        title: unescaped(title),
        file: join(dirname(page), target),
      }));
      rows.push({ cells, proofs });
    }
  }
  return rows;
}

/** Proofs of a page whose file is not there, or holds no such title. */
const missing = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap(({ cells, proofs }) =>
    proofs.length === 0
      ? [`${cells[0]}: no proof`]
      : proofs
          .filter(({ title, file }) => {
            if (!existsSync(join(projectRoot, file))) return true;
            const text = readProjectFile(file);
            return !["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`));
          })
          .map(({ title, file }) => `${cells[0]}: ${file} has no "${title}"`),
  );

describe('the page of security', () => {
  const rows = rowsOf('docs/security.md');

  test('names for each requirement code that exists, and tests by their titles', () => {
    expect(rows.length).toBeGreaterThan(70);
    expect(missing(rows)).toEqual([]);
    const codeless = rows.filter(
      ({ cells }) =>
        ![...(cells[2] ?? '').matchAll(LINK)].some(([, , to = '']) => existsSync(join(projectRoot, 'docs', to))),
    );
    expect(codeless.map(({ cells }) => cells[0])).toEqual([]);
  });

  test('names a requirement once', () => {
    const ids = rows.flatMap(({ cells }) => cells[0]?.split(', ') ?? []);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => id !== 'erasure' && !/^\d+\.\d+\.\d+$/.test(id))).toEqual([]);
  });
});

describe('the page of bad inputs', () => {
  const rows = rowsOf('docs/bad-inputs.md');

  test('has a row for each of them, in order, and for each tests by their titles', () => {
    expect(rows.map(({ cells }) => Number(cells[0]))).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
    expect(missing(rows)).toEqual([]);
  });
});
