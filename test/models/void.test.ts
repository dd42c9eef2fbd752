import { describe, expect, test } from 'vitest';
import { judge, needsSpin } from './spin.ts';

const [IN_AND_BACK, TWICE] = [/is_let_in/, /paid<=1/];

/** What each breaks, see there, and what comes of it. */
const MUTANTS = [
  ['PAY_FIRST', IN_AND_BACK],
  ['PAY_BY_CLOCK', IN_AND_BACK],
  ['PAY_AT_DAY_END LATE_ENTRY', IN_AND_BACK],
  ['PAY_AT_DAY_END OUT_OF_ORDER', IN_AND_BACK],
  ['BLIND_APPEND', IN_AND_BACK],
  ['OPEN_BEFORE_DISK', IN_AND_BACK],
  ['ANSWER_BEFORE_DISK', IN_AND_BACK],
  ['PAY_AGAIN', TWICE],
] as const;

describe('the model of a ticket that is cancelled while a park serves its gates', () => {
  test('in no state is money paid back to somebody who was let in, or twice', async (context) => {
    needsSpin(context);
    const { states, errors, isWhole, broken } = await judge('void', 'safety');
    expect({ errors, isWhole, broken }).toEqual({ errors: 0, isWhole: true, broken: null });
    expect(states).toBeGreaterThan(500);
  });

  test('every request ends, on every run in which messages get through', async (context) => {
    needsSpin(context);
    const { errors, isWhole, broken, unreached } = await judge('void', 'liveness');
    expect({ errors, isWhole, broken }).toEqual({ errors: 0, isWhole: true, broken: null });
    // All of the model was tried: what is told again never pays.
    expect(unreached).toEqual(['FromParkAgain: paid = (paid+1)']);
  });

  test.for(MUTANTS)('%s is found', async ([mutants, harm], context) => {
    needsSpin(context);
    const { errors, broken } = await judge('void', 'safety', mutants.split(' '));
    expect(errors).toBe(1);
    expect(broken).toMatch(harm);
  });

  test('SILENT_DENIAL leaves a request open for ever', async (context) => {
    needsSpin(context);
    const { errors, broken } = await judge('void', 'liveness', ['SILENT_DENIAL']);
    expect(errors).toBe(1);
    expect(broken).toMatch(/^acceptance cycle/);
  });
});
