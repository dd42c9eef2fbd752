import { expect, expectTypeOf, test } from 'vitest';
import { BrokenInvariant } from './assert.ts';
import type { StoreRefusal } from './command-runner.ts';
import { only, ownRefusal } from './expected-refusal.ts';

type Own = { readonly code: 'not_found' } | { readonly code: 'too_late'; readonly sinceMs: number };
type Refusal = Own | StoreRefusal;

const tooLate: Refusal = { code: 'too_late', sinceMs: 7 };
const insufficient: Refusal = { code: 'insufficient', account: 'capacity/ala-archa', available: 0 };
const claimed: Refusal = { code: 'claimed', scope: 'phone', key: 'x' };

test('a refusal that was expected is answered whole, any other one is a bug', () => {
  const answer = only(['too_late'], tooLate as Refusal);
  expectTypeOf(answer).toEqualTypeOf<Extract<Own, { readonly code: 'too_late' }>>();
  expect(answer).toEqual({ code: 'too_late', sinceMs: 7 });
  expect(() => only(['not_found'], tooLate as Refusal)).toThrow(BrokenInvariant);
  expect(() => only(['not_found', 'too_late'], claimed as Refusal)).toThrow('cannot be refused as claimed');
});

test('what the store refuses is a bug where nothing is moved and nothing claimed', () => {
  const answer = ownRefusal(tooLate as Refusal);
  expectTypeOf(answer).toEqualTypeOf<Own>();
  expect(answer).toEqual({ code: 'too_late', sinceMs: 7 });
  for (const refusal of [insufficient, claimed] as Refusal[])
    expect(() => ownRefusal(refusal)).toThrow(BrokenInvariant);
});
