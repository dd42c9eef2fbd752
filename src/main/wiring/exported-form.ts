import { assert } from '../../kernel/assert.ts';
import type { Json } from '../../kernel/event-store.ts';
import { formatSom } from '../../kernel/money.ts';
import { toInstant } from '../../infrastructure/http/instant.ts';

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * What a module holds, as a person reads it in an export: names in snake_case, sums in som, moments as RFC 3339. The unit at
 * the end of a name goes, since the form says it.
 */
export function exportedForm(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (Array.isArray(value)) return value.map(exportedForm);
  assert(typeof value === 'object', `${typeof value} cannot be exported`);
  const members = Object.entries(value).flatMap(([name, item]: [string, unknown]): [string, Json][] => {
    if (item === undefined) return [];
    if (typeof item === 'bigint') return [[snakeCase(name.replace(/Tyiyn$/, '')), formatSom(item)]];
    if (typeof item === 'number' && name.endsWith('Ms')) return [[snakeCase(name.slice(0, -2)), toInstant(item)]];
    return [[snakeCase(name), exportedForm(item)]];
  });
  return Object.fromEntries(members);
}
