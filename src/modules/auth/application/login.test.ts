import { expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { createLogin } from './login.ts';

const KNOWN = '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e';

/** The steps that a login takes, in order. */
async function stepsOf(userId: string | null) {
  const steps: string[] = [];
  const login = createLogin({
    clock: createManualClock(0),
    tellOfSignIn: async () => undefined,
    accounts: {
      async userIdByPhone() {
        steps.push('look up the phone');
        return ok(userId);
      },
      async profile() {
        steps.push('read the profile');
        return null;
      },
      yieldNumber: async () => ({ ok: true, value: null }),
      register: async () => ok(null),
    },
    credentials: {
      async passwordHash() {
        steps.push('read the hash');
        return userId === null ? null : 'hash';
      },
      add: async () => undefined,
      replace: async () => false,
      remove: async () => undefined,
    },
    passwords: {
      async matches() {
        steps.push('hash the password');
        return ok(false);
      },
      hash: async () => refuse({ code: 'busy' }),
      isOutdated: () => false,
    },
    sessions: { revoke: async () => undefined },
    admit: () => Promise.reject(new Error('nobody signs in here')),
  });
  return { answer: await login('+996555123456', 'wrong horse'), steps };
}

test('an unknown phone takes every step that a wrong password takes, and gets its answer', async () => {
  const known = await stepsOf(KNOWN);
  expect(known).toEqual({
    answer: refuse({ code: 'invalid_credentials' }),
    steps: ['look up the phone', 'read the hash', 'hash the password'],
  });
  expect(await stepsOf(null)).toEqual(known);
});
