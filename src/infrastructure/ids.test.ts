import { describe, expect, test } from 'vitest';
import { isUuid } from '../kernel/ids.ts';
import { systemIds, uuidV5 } from './ids.ts';

describe('ids', () => {
  test('new ids are distinct UUIDs of version 7 that rise in the order they were made', () => {
    const ids = Array.from({ length: 1_000 }, () => systemIds.next());
    expect(new Set(ids).size).toBe(1_000);
    expect(ids.every((id) => isUuid(id) && id[14] === '7')).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
  });

  test('version 5 gives the value of RFC 9562, appendix A.4', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  test('a derived id never changes, for it is stored on every node', () => {
    expect(systemIds.derive('admission:дети')).toBe('79a9c5c6-303c-5b95-9652-447b255b8ea8');
    expect(systemIds.derive('a')).not.toBe(systemIds.derive('b'));
    expect(isUuid(systemIds.derive(''))).toBe(true);
  });

  test('a secret has the asked number of random bytes in base64url', () => {
    expect(systemIds.secret(32)).toMatch(/^[\w-]{43}$/);
    expect(systemIds.secret(32)).not.toBe(systemIds.secret(32));
  });
});
