import { expect, test } from 'vitest';
import { difference, type DifferenceResolved } from './reconciliation.ts';

const resolved: DifferenceResolved['data'] = {
  differenceId: 'difference',
  statementId: 'statement',
  parkId: null,
  verdict: 'missing_here',
  resolution: 'timing',
  note: null,
  resolvedAtMs: 1_000,
};
const first: DifferenceResolved = { type: 'DifferenceResolved', data: resolved };

test('a difference is resolved once: the same again decides nothing, anything else is refused', () => {
  expect(difference.decide(resolved, difference.initial)).toMatchObject({ ok: true, value: [first] });
  const state = difference.evolve(difference.initial, first);
  expect(difference.decide({ ...resolved, resolvedAtMs: 2_000 }, state)).toMatchObject({ ok: true, value: [] });
  const other = difference.decide({ ...resolved, resolution: 'written_off' }, state);
  expect(other).toMatchObject({ ok: false, refusal: { code: 'difference_resolved' } });
});
