import { expect, test } from 'vitest';
import { systemIds as ids } from '../../../infrastructure/ids.ts';
import { createAsksGates } from './asks-gates.ts';

/** A park whose own node serves its gates from this day on; before it headquarters does. */
const HOME_FROM = '2026-12-06';
const homeOf = async (_parkId: string, date: string) => (date < HOME_FROM ? 'hq' : 'park');
const asksGates = createAsksGates({ homeOf, nodeId: 'hq', ids });

test.each([
  ['headquarters serves both days, so nobody is asked', '2026-12-04', '2026-12-05', { voidId: null }],
  ['the park serves both days, so it is asked', '2026-12-06', '2026-12-08', { voidId: expect.any(String) as string }],
  ['the ticket would go from days of headquarters to those of the park', '2026-12-05', '2026-12-06', 'two_nodes'],
  ['the ticket would go from days of the park to those of headquarters', '2026-12-08', '2026-12-05', 'two_nodes'],
])('%s', async (_what, from, to, expected) => {
  expect(await asksGates('ala-archa', from, to)).toEqual(expected);
});
