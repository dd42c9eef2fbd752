import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { StoreUnavailable } from '../../../kernel/event-store.ts';
import type { RoleAtPark } from '../contract.ts';
import type { AccessClaims } from './access-tokens.ts';
import { createSessionWatch } from './session-watch.ts';

const manager: RoleAtPark = { role: 'manager', parkId: 'ala-archa' };

function createNode() {
  const clock = createManualClock(1_800_000_000_000);
  const revoked: string[] = [];
  const changed = new Map<string, readonly RoleAtPark[]>();
  const state = { questions: 0, broken: false, hold: Promise.resolve() };
  const watch = createSessionWatch({
    clock,
    sessions: {
      async revokedSince() {
        state.questions += 1;
        const answer = [...revoked];
        await state.hold;
        if (state.broken) throw new StoreUnavailable('away');
        return answer;
      },
      open: async () => undefined,
      change: async () => null,
      prove: async () => null,
      noteFactor: async () => null,
      noteIssued: async () => undefined,
      revoke: async () => undefined,
      revokeOwn: async () => false,
      close: async () => undefined,
      revokeAll: async () => undefined,
      live: async () => [],
      keptOf: async () => [],
      hasOthersOf: async () => false,
      forget: async () => 0,
    },
    roles: {
      of: async () => [],
      hasAdmin: async () => false,
      noteChange: async () => undefined,
      changedSince: async () => new Map(changed),
    },
  });
  const claims: AccessClaims = {
    userId: 'u1',
    sessionId: 's1',
    roles: [manager],
    issuedAtMs: clock.now(),
    expiresAtMs: clock.now() + 600_000,
    authenticatedAtMs: clock.now(),
    isTwoFactor: false,
  };
  return { clock, revoked, changed, state, watch, claims };
}

describe('the session watch', () => {
  test('answers the roles of the token while nothing changed, and asks once for many questions', async () => {
    const { watch, claims, state } = createNode();
    const answers = await Promise.all(Array.from({ length: 50 }, () => watch.rolesNow(claims)));
    expect(answers).toEqual(Array.from({ length: 50 }, () => [manager]));
    expect(state.questions).toBe(1);
  });

  test('answers the present roles when they changed, none included', async () => {
    const { watch, claims, changed } = createNode();
    changed.set('u1', []);
    expect(await watch.rolesNow(claims)).toEqual([]);
    expect(await watch.rolesNow({ ...claims, userId: 'u2' })).toEqual([manager]);
  });

  test('a session that another process revoked is out within 5 s, whatever the rhythm of requests', async () => {
    for (const rhythmMs of [1, 500, 900, 1001, 2500, 3001, 4900]) {
      const { watch, claims, revoked, clock } = createNode();
      expect(await watch.rolesNow(claims)).not.toBeNull();
      revoked.push('s1');
      let lastGoodMs = 0;
      for (let ageMs = rhythmMs; ageMs <= 10_000; ageMs += rhythmMs) {
        clock.advance(rhythmMs);
        if ((await watch.rolesNow(claims)) !== null) lastGoodMs = ageMs;
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(lastGoodMs).toBeLessThan(5_000);
    }
  });

  test('what was changed here acts at once, also when an older question is still on its way', async () => {
    const { watch, claims, revoked, state } = createNode();
    let release = (): void => undefined;
    state.hold = new Promise((resolve) => {
      release = resolve;
    });
    const before = watch.rolesNow(claims);
    revoked.push('s1');
    watch.expire();
    const after = watch.rolesNow(claims);
    release();
    expect(await before).not.toBeNull();
    expect(await after).toBeNull();
    expect(await watch.rolesNow(claims)).toBeNull();
  });

  test('without the database it answers from young news only, and then says that it cannot tell', async () => {
    const { watch, claims, state, clock } = createNode();
    await watch.rolesNow(claims);
    state.broken = true;
    clock.advance(2_000);
    expect(await watch.rolesNow(claims)).toEqual([manager]);
    clock.advance(2_000);
    await expect(watch.rolesNow(claims)).rejects.toThrow(StoreUnavailable);
    state.broken = false;
    expect(await watch.rolesNow(claims)).toEqual([manager]);
  });

  test('a clock that was set back makes no news young', async () => {
    const { watch, claims, clock, state, revoked } = createNode();
    await watch.rolesNow(claims);
    revoked.push('s1');
    clock.advance(-3_600_000);
    expect(await watch.rolesNow(claims)).toBeNull();
    expect(state.questions).toBe(2);
  });
});
