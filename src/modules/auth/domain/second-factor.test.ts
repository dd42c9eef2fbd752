import { expect, test } from 'vitest';
import { secondFactor, type SecondFactorCommand, type SecondFactorEvent } from './second-factor.ts';

const userId = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

/** What the commands, one after the other, come to. */
function told(...commands: readonly SecondFactorCommand[]): readonly SecondFactorEvent[] {
  const events: SecondFactorEvent[] = [];
  for (const command of commands) {
    const state = events.reduce(secondFactor.evolve, secondFactor.initial);
    const decided = secondFactor.decide(command, state);
    if (decided.ok) events.push(...decided.value);
  }
  return events;
}

const enrol = { kind: 'enrol', userId, factor: 'totp', why: 'staff' } as const;
const remove = { kind: 'remove', userId, factor: 'totp', why: 'staff' } as const;
const reset = { kind: 'reset', userId } as const;

test('a factor is enrolled, removed and reset once each time', () => {
  expect(told(enrol, enrol, remove, remove, enrol, reset, reset).map(({ type }) => type)).toEqual([
    'SecondFactorEnrolled',
    'SecondFactorRemoved',
    'SecondFactorEnrolled',
    'SecondFactorReset',
  ]);
});

test('nothing is removed or reset that was never enrolled', () => {
  expect(told(remove, reset)).toEqual([]);
});

test('each recovery code that was used is told, with how many are left, and each time they were renewed', () => {
  const use = (codesLeft: number) => ({ kind: 'use_recovery_code', userId, codesLeft, why: 'staff' }) as const;
  const renew = { kind: 'renew_recovery_codes', userId, why: 'staff' } as const;
  expect(told(enrol, use(9), use(8), renew, renew)).toEqual([
    { type: 'SecondFactorEnrolled', data: { userId, factor: 'totp', why: 'staff' } },
    { type: 'RecoveryCodeUsed', data: { userId, codesLeft: 9, why: 'staff' } },
    { type: 'RecoveryCodeUsed', data: { userId, codesLeft: 8, why: 'staff' } },
    { type: 'RecoveryCodesRenewed', data: { userId, why: 'staff' } },
    { type: 'RecoveryCodesRenewed', data: { userId, why: 'staff' } },
  ]);
});
