import { describe, expect, test } from 'vitest';
import type { Entries } from './entries.ts';

/** Defines the tests that every implementation of {@link Entries} must pass. `unique` gives a key no test has used. */
export function describeEntries(name: string, entries: () => Entries, unique: () => string): void {
  describe(`kept answers: ${name}`, () => {
    test('what was never kept is undefined', async () => {
      expect(await entries().get(unique())).toBeUndefined();
    });

    test.each([
      null,
      'text',
      0,
      [],
      { places: [{ free: 3, deficit: 0 }, null], priceTyiyn: 35_000n, names: { ky: 'Ала-Арча' } },
    ])('%o comes back as it was', async (value) => {
      const key = unique();
      await entries().put(key, value);
      expect(await entries().get(key)).toEqual(value);
    });

    test('the newest of a key is kept', async () => {
      const key = unique();
      await entries().put(key, 'first');
      await entries().put(key, 'second');
      expect(await entries().get(key)).toBe('second');
    });
  });
}
