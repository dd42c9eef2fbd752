import { describe, expect, test } from 'vitest';
import { judge, needsSpin } from './spin.ts';

const [OVERSOLD, OWED] = [/hq_sold\+park_sold/, /<=lowered/];

/** What each breaks, see there, and what comes of it: more tickets than places, or a deficit by selling. */
const MUTANTS = [
  ['NO_FENCE', OVERSOLD],
  ['CREDIT_TWICE', OVERSOLD],
  ['CREDIT_ANY_LIFE', OVERSOLD],
  ['TAKE_TWICE', OVERSOLD],
  ['GRANT_BEFORE_DISK', OVERSOLD],
  ['RETURN_BEFORE_DISK', OVERSOLD],
  ['SELL_THE_GRANTED', OWED],
] as const;

describe('the model of places between headquarters and a park', () => {
  test('in no state is a day oversold or a place lost or counted twice', async (context) => {
    needsSpin(context);
    const { states, ...verdict } = await judge('escrow', 'safety');
    expect(verdict).toEqual({ errors: 0, isWhole: true, broken: null, unreached: [] });
    expect(states).toBeGreaterThan(100_000);
  });

  test.for(MUTANTS)('%s is found', async ([mutant, harm], context) => {
    needsSpin(context);
    const { errors, broken } = await judge('escrow', 'safety', ['TICKETS_ONLY', mutant]);
    expect(errors).toBe(1);
    expect(broken).toMatch(harm);
  });
});
