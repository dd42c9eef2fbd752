import { expect, test } from 'vitest';
import { dutiesOf, hasDutyAt } from './duties.ts';

function tokenOf(claims: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  const middle = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  return `head.${middle}.signature`;
}

test('duties are read from a token, for one park or for all', () => {
  expect(dutiesOf(tokenOf({ sub: 'Айгүл', roles: ['admin', 'manager@ala-archa'] }))).toEqual([
    { role: 'admin', parkId: null },
    { role: 'manager', parkId: 'ala-archa' },
  ]);
});

test.each(['', 'no token', 'a.b.c', tokenOf({}), tokenOf({ roles: 'admin' }), tokenOf({ roles: [1] })])(
  'a token that tells of no duties gives none: %s',
  (token) => expect(dutiesOf(token)).toEqual([]),
);

test('a duty at one park is none at another, and none for all parks', () => {
  const duties = [{ role: 'manager', parkId: 'osh' }];
  expect(hasDutyAt(duties, ['manager', 'admin'], 'osh')).toBe(true);
  expect(hasDutyAt(duties, ['manager'], 'karakol')).toBe(false);
  expect(hasDutyAt(duties, ['manager'], null)).toBe(false);
  expect(hasDutyAt(duties, ['finance'], 'osh')).toBe(false);
  expect(hasDutyAt([{ role: 'admin', parkId: null }], ['admin'], 'osh')).toBe(true);
});
