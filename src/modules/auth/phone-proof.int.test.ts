import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { rebuildProjection } from '../../infrastructure/event-store/projections.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { refuse } from '../../kernel/result.ts';
import { NEW_PASSWORD, openCodeStage, type CodeStage } from './codes.suite.ts';
import { authManifest } from './module.ts';

const META = { actor: 'system', correlationId: 'test' };
const VERIFIED = statement(
  'test.verified',
  'select jsonb_agg(v order by v.user_id) as rows from auth.verified_phones v',
);

/** What a closed account still has: password, codes, resets, sessions that go on or say what they ran on, refresh tokens, roles. */
const LEFT = statement(
  'test.left',
  `select json_build_array(
     (select count(*) from auth.credential where user_id = $1),
     (select count(*) from auth.one_time_code where user_id = $1),
     (select count(*) from auth.password_reset where user_id = $1),
     (select count(*) from auth.session where user_id = $1 and (revoked_at is null or user_agent is not null)),
     (select count(*) from auth.refresh_token t join auth.session s on s.id = t.session_id where s.user_id = $1),
     (select count(*) from auth.role_grants where user_id = $1)) as left`,
);

describeWithDatabase('whose number it is', () => {
  let node: CodeStage['node'];
  let modules: CodeStage['modules'];
  let first: CodeStage['first'];
  let second: CodeStage['second'];
  let newPhone: CodeStage['newPhone'];
  let register: CodeStage['register'];
  let registerProven: CodeStage['registerProven'];
  let login: CodeStage['login'];
  let refresh: CodeStage['refresh'];
  let verify: CodeStage['verify'];
  let codeFor: CodeStage['codeFor'];
  let otherThan: CodeStage['otherThan'];
  let refused: CodeStage['refused'];
  let pause: CodeStage['pause'];

  beforeAll(async () => {
    ({
      node,
      modules,
      first,
      second,
      newPhone,
      register,
      registerProven,
      login,
      refresh,
      verify,
      codeFor,
      otherThan,
      refused,
      pause,
    } = await openCodeStage());
  });
  afterAll(() => node?.close());

  describe('proving a number', () => {
    test('by a device of the account changes nothing else about it', async () => {
      pause();
      const { phone, userId, token, refreshToken } = await register();
      expect(await modules[1].isPhoneVerified(userId)).toBe(false);
      expect((await verify(phone, await codeFor(phone, 'verify'), 'verify', first, token)).status).toBe(200);
      expect(await modules[1].isPhoneVerified(userId)).toBe(true);
      expect((await login(phone)).status).toBe(200);
      expect((await refresh(refreshToken)).status).toBe(200);
      expect((await verify(phone, await codeFor(phone, 'login'), 'login')).status).toBe(200);
      expect((await login(phone)).status).toBe(200);
    });

    test.each(['login', 'reset', 'verify'] as const)(
      'by somebody else, to %s, closes an account without tickets and frees the number',
      async (purpose) => {
        pause();
        const squatter = await register();
        const code = await codeFor(squatter.phone, purpose);
        const released = { status: 409, body: { code: 'number_released' } };
        expect(await verify(squatter.phone, code, purpose, second)).toMatchObject(released);
        expect(await node.accounts.profile(squatter.userId)).toBeNull();
        const owner = await register(squatter.phone);
        expect(owner.userId).not.toBe(squatter.userId);
        expect(await modules[1].isPhoneVerified(owner.userId)).toBe(false);
        const again = await codeFor(owner.phone, 'verify');
        expect((await verify(owner.phone, again, 'verify', second, owner.token)).status).toBe(200);
        expect(await modules[0].isPhoneVerified(owner.userId)).toBe(true);
      },
    );

    test.each(['login', 'reset', 'verify'] as const)(
      'by somebody else, to %s, changes nothing about an account with tickets or duties',
      async (purpose) => {
        pause();
        const [buyer, guard] = [await register(), await register()];
        node.buyers.add(buyer.userId);
        await modules[0].grantRole({ userId: guard.userId, role: 'gate', parkId: null }, META);
        const stranger = await register();
        for (const { phone, userId, token, refreshToken } of [buyer, guard]) {
          const refusal = { status: 403, body: { code: 'proof_needs_sign_in' } };
          const shown = await verify(phone, await codeFor(phone, purpose), purpose, second, stranger.token);
          expect(shown).toMatchObject(refusal);
          expect(await modules[1].isPhoneVerified(userId)).toBe(false);
          expect((await refresh(refreshToken)).status).toBe(200);
          const own = await verify(phone, await codeFor(phone, purpose), purpose, second, token);
          expect(own.status).toBe(200);
          expect(await modules[1].isPhoneVerified(userId)).toBe(true);
        }
      },
    );

    test('with a wrong code answers the same whether the number is free, proven, unproven or of a buyer', async () => {
      pause();
      const [unproven, buyer, proven] = [await register(), await register(), await registerProven()];
      node.buyers.add(buyer.userId);
      const answers = [];
      for (const phone of [newPhone(), unproven.phone, buyer.phone, proven.phone]) {
        const code = await codeFor(phone, 'login');
        const { status, body } = await verify(phone, otherThan(code), 'login');
        answers.push([status, body['code']]);
      }
      expect(new Set(answers.map(String))).toEqual(new Set(['401,invalid_code']));
    });

    test('is derived from the log: rebuilt it gives the same rows', async () => {
      const before = await node.owner.rows(VERIFIED, []);
      const projection = authManifest.projections.find(({ name }) => name === 'auth.verified_phones');
      for (const batch of [1, 7, 1000]) {
        if (projection) await rebuildProjection(node.owner, projection, { batch });
        expect(await node.owner.rows(VERIFIED, [])).toEqual(before);
      }
      expect(JSON.stringify(before)).toContain('verified_at');
    });
  });

  describe('closing an account', () => {
    test('takes password, sessions, codes, resets and roles away at once; the last admin is none any more', async () => {
      pause();
      const { phone, userId, token, refreshToken } = await registerProven();
      await modules[0].grantRole({ userId, role: 'admin', parkId: null }, META);
      await modules[0].grantRole({ userId, role: 'gate', parkId: 'osh' }, META);
      const resetToken = (await verify(phone, await codeFor(phone, 'reset'), 'reset')).body['reset_token'];
      const code = await codeFor(phone, 'login');
      await modules[1].closeAccount(userId);
      await modules[1].closeAccount(userId);
      expect(await node.owner.rows(LEFT, [userId])).toEqual([{ left: [0, 0, 0, 0, 0, 0] }]);
      expect((await login(phone)).status).toBe(401);
      expect((await refresh(refreshToken)).status).toBe(401);
      expect(await verify(phone, code, 'login')).toMatchObject(refused);
      const reset = { reset_token: resetToken, new_password: NEW_PASSWORD };
      expect((await first.ask('POST', '/api/v1/auth/password/reset', { body: reset })).status).toBe(401);
      node.clock.advance(4_000);
      expect((await first.ask('GET', '/api/v1/auth/sessions', { token })).status).toBe(401);
      const heir = await register();
      await modules[0].grantRole({ userId: heir.userId, role: 'admin', parkId: null }, META);
      const taken = await modules[0].revokeRole({ userId: heir.userId, role: 'admin', parkId: null }, META);
      expect(taken).toEqual(refuse({ code: 'last_admin' }));
    });
  });
});
