import { expect, test } from 'vitest';
import type { Result } from './result.ts';
import { ok, refuse } from './result.ts';

test('a result is either a value or a refusal', () => {
  const outcomes: readonly Result<number, { readonly code: string }>[] = [ok(7), refuse({ code: 'sold_out' })];
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.value : outcome.refusal.code))).toEqual([7, 'sold_out']);
});
