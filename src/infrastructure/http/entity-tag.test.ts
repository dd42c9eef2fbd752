import { expect, test } from 'vitest';
import { entityTag, versionOf } from './entity-tag.ts';

test('a version comes back from its tag', () => {
  for (const version of [1, 7, 123_456]) expect(versionOf(entityTag(version))).toBe(version);
});

test.each(['', '*', '3', 'W/"3"', '"0"', '"03"', '"3", "4"', '"x"', '"9999999999999999"'])(
  '%j names no version',
  (tag) => {
    expect(versionOf(tag)).toBeNull();
  },
);
