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

test('a factor is enrolled and removed once each time', () => {
  expect(told(enrol, enrol, remove, remove, enrol, reset, remove).map(({ type }) => type)).toEqual([
    'SecondFactorEnrolled',
    'SecondFactorRemoved',
    'SecondFactorEnrolled',
    'SecondFactorReset',
  ]);
});

test('each passkey is enrolled and removed by itself, beside the app, and all go with a reset', () => {
  const [one, two] = ['01936f2e-5b7c-7c3a-9d4e-000000000001', '01936f2e-5b7c-7c3a-9d4e-000000000002'];
  const passkey = (kind: 'enrol' | 'remove', passkeyId: string) =>
    ({ kind, userId, factor: 'passkey', passkeyId, why: 'staff' }) as const;
  const refuse = { kind: 'refuse_passkey', userId, passkeyId: two, why: 'staff' } as const;
  const commands = [passkey('enrol', one), enrol, passkey('enrol', two), passkey('enrol', two), refuse, refuse];
  expect(told(...commands, passkey('remove', one), passkey('remove', one), reset, passkey('remove', two))).toEqual([
    { type: 'SecondFactorEnrolled', data: { userId, factor: 'passkey', passkeyId: one, why: 'staff' } },
    { type: 'SecondFactorEnrolled', data: { userId, factor: 'totp', why: 'staff' } },
    { type: 'SecondFactorEnrolled', data: { userId, factor: 'passkey', passkeyId: two, why: 'staff' } },
    { type: 'PasskeyRefused', data: { userId, passkeyId: two, why: 'staff' } },
    { type: 'PasskeyRefused', data: { userId, passkeyId: two, why: 'staff' } },
    { type: 'SecondFactorRemoved', data: { userId, factor: 'passkey', passkeyId: one, why: 'staff' } },
    { type: 'SecondFactorReset', data: { userId } },
  ]);
});

test('nothing is removed that was never enrolled', () => {
  expect(told(remove)).toEqual([]);
});

test('a reset is told each time, also of what nobody told to be enrolled', () => {
  const done = { type: 'SecondFactorReset', data: { userId } };
  expect(told(reset, reset)).toEqual([done, done]);
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
