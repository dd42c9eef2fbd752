import { basename, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PARKS_TIME_ZONE } from '../../src/kernel/time.ts';
import { projectFiles, readProjectFile } from '../support/project-files.ts';

const files = projectFiles();
const schemas = [
  'store',
  'auth',
  'users',
  'park',
  'booking',
  'admission',
  'payment',
  'loyalty',
  'ledger',
  'http',
  'notify',
  'office',
];

/**
 * The schemas that SQL at `path` may name: a module its own, and the log, whose events its projections turn into rows;
 * infrastructure the two that belong to no module.
 */
function allowedSchemas(path: string): readonly string[] {
  const [, module] = /^src\/modules\/([^/]+)\//.exec(path) ?? [];
  if (module === undefined) return ['store', 'http'];
  return ['store', module === 'user' ? 'users' : module];
}

const withoutSqlComments = (sql: string): string => sql.replaceAll(/--.*$/gm, '').replaceAll(/\/\*[\s\S]*?\*\//g, '');
const withoutSqlStrings = (sql: string): string => sql.replaceAll(/'(?:[^']|'')*'/g, "''");

/** Schemas of the project that a piece of SQL names, as `schema.something`. */
function schemasIn(sql: string): string[] {
  const qualified = new RegExp(`(?<![\\w.])(${schemas.join('|')})\\.[a-z_]`, 'g');
  return [...sql.matchAll(qualified)].map(([, schema = '']) => schema);
}

/** In TypeScript only what follows an SQL keyword counts: `park.capacity` there is a value's property. */
function schemasInSource(source: string): string[] {
  const words = 'from|join|into|update|table|references|exists|call|perform|select|function|schema|truncate|copy';
  const qualified = new RegExp(`\\b(?:${words})\\s+(?:only\\s+)?(${schemas.join('|')})\\.[a-z_]+`, 'gi');
  return [...source.matchAll(qualified)].map(([, schema = '']) => schema.toLowerCase());
}

function strangers(path: string, named: readonly string[]): string[] {
  const allowed = allowedSchemas(path);
  return named.filter((schema) => !allowed.includes(schema)).map((schema) => `${path} names ${schema}`);
}

describe('SQL', () => {
  test('the scan sees a foreign schema in SQL and in TypeScript', () => {
    const sql = "select p.id from park.parks p -- booking.tickets\nwhere p.note = 'payment.intents'";
    expect(schemasIn(withoutSqlStrings(withoutSqlComments(sql)))).toEqual(['park']);
    expect(schemasInSource('const rows = query(`select * from park.parks`); total(booking.tickets);')).toEqual([
      'park',
    ]);
  });

  test('a migration names no schema but its own and the log', () => {
    const found = files
      .filter((path) => path.endsWith('.sql') && path.startsWith('src/'))
      .flatMap((path) => strangers(path, schemasIn(withoutSqlStrings(withoutSqlComments(readProjectFile(path))))));
    expect(found).toEqual([]);
  });

  test('the SQL inside a module names no schema but its own and the log', () => {
    const found = files
      .filter((path) => /^src\/modules\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'))
      .flatMap((path) => strangers(path, schemasInSource(readProjectFile(path))));
    expect(found).toEqual([]);
  });

  test('SQL counts days where the program counts them', () => {
    const zones = files
      .filter((path) => path.startsWith('src/') && path.endsWith('.sql'))
      .flatMap((path) => [...readProjectFile(path).matchAll(/at time zone '([^']+)'/gi)].map(([, zone = '']) => zone));
    expect(new Set(zones)).toEqual(new Set([PARKS_TIME_ZONE]));
  });

  test('migrations are numbered from 0001 without a gap or a double, and named', () => {
    const folders = new Map<string, string[]>();
    for (const path of files.filter((file) => /^src\/.*\/migrations\//.test(file))) {
      folders.set(dirname(path), [...(folders.get(dirname(path)) ?? []), basename(path)]);
    }
    for (const [folder, names] of folders) {
      const wellNamed = names.filter((name) => /^\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.sql$/.test(name));
      expect(wellNamed, folder).toEqual(names);
      const numbers = names.map((name) => Number(name.slice(0, 4)));
      expect(numbers, folder).toEqual(names.map((_, index) => index + 1));
    }
  });
});
