import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { errorCodes, errorEntry } from './error-table.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { isRecord } from './json-schema.ts';

/** Code and file of every row, read from the files themselves: a spread keeps one of two rows with the same code. */
let rows: readonly (readonly [code: string, file: string])[] = [];
beforeAll(async () => {
  const folder = new URL('errors/', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('-errors.ts'));
  const tables = files.map(async (file) => {
    const area: Record<string, unknown> = await import(new URL(file, folder).href);
    const codes = Object.values(area).flatMap((table) => (isRecord(table) ? Object.keys(table) : []));
    return codes.map((code) => [code, file] as const);
  });
  rows = (await Promise.all(tables)).flat();
});

describe('the error table', () => {
  test('holds every row of every area, and no code twice', () => {
    expect(rows.map(([code]) => code).toSorted()).toEqual([...errorCodes()].toSorted());
  });

  test.each(errorCodes())('%s is a snake_case code with a status and a text of its own in each language', (code) => {
    const { status, title }: ErrorEntry = errorEntry(code);
    expect(code).toMatch(/^[a-z]+(_[a-z0-9]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title.en).toMatch(/^[A-Z][ -~]+[^.]$/);
    expect(title.ru).toMatch(/[А-яЁё]{2}/);
    expect(title.ky).toMatch(/[А-яЁёҢңӨөҮү]{2}/);
    expect(new Set([title.en, title.ru, title.ky]).size).toBe(3);
  });
});
