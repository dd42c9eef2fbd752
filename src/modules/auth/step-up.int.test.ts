import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { createSoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { openFactorStage, PASSWORD, type FactorStage } from './factors.suite.ts';

const AUTH = '/api/v1/auth';
const ADMIN_USERS = '/api/v1/admin/users';
const QUARTER_MS = 900_000;
const STALE = { status: 403, body: { code: 'step_up_required' } };
const NOT_PROVEN = { status: 403, body: { code: 'not_proven' } };

const AUDIT = statement(
  'test.factor-resets',
  `select event_type as type, actor from store.event
   where event_type = 'SecondFactorReset' and event_data ->> 'userId' = $1`,
);

/** As a process of a version that does not say how somebody signed in leaves it. */
const UNSAID = [
  statement('test.unsaid-challenge', 'update auth.factor_challenge set by_password = default where user_id = $1'),
  statement('test.unsaid-session', 'update auth.session set authenticated_at = default where user_id = $1'),
];

describeWithDatabase('a fresh proof', () => {
  let stage: FactorStage;
  beforeAll(async () => {
    stage = await openFactorStage();
  });
  afterAll(() => stage?.node.close());
  beforeEach(() => stage.node.clock.advance(120_000));

  const begin = (token: string) => stage.first.ask('POST', `${AUTH}/second-factor/totp`, { token });
  const inviteKey = (token: string) => stage.first.ask('POST', `${AUTH}/second-factor/passkeys/challenge`, { token });
  const renew = async (refreshToken: string) =>
    stage.textOf(
      await stage.first.ask('POST', `${AUTH}/refresh`, { body: { refresh_token: refreshToken } }),
      'access_token',
    );

  test('is signing in, and counts a quarter of an hour, however often tokens are renewed', async () => {
    const { token, refreshToken } = await stage.register();
    expect((await begin(token)).status).toBe(201);
    stage.node.clock.advance(QUARTER_MS - 10_000);
    expect((await begin(await renew(refreshToken))).status).toBe(201);
    const other = await stage.register();
    stage.node.clock.advance(QUARTER_MS + 1_000);
    expect(await begin(await renew(other.refreshToken))).toMatchObject(STALE);
  });

  test('is given by the password where that is all there is, and stays with the session', async () => {
    const { refreshToken } = await stage.register();
    stage.node.clock.advance(QUARTER_MS + 1_000);
    const next = await stage.first.ask('POST', `${AUTH}/refresh`, { body: { refresh_token: refreshToken } });
    const token = stage.textOf(next, 'access_token');
    expect(await stage.stepUp(token, {}, 'wrong horse')).toMatchObject(NOT_PROVEN);
    expect(await begin(token)).toMatchObject(STALE);
    const fresh = await stage.stepUp(token, {});
    expect(fresh).toMatchObject({ status: 200, body: { expires_in: 600 } });
    expect((await begin(stage.textOf(fresh, 'access_token'))).status).toBe(201);
    expect((await begin(await renew(stage.textOf(next, 'refresh_token')))).status).toBe(201);
  });

  test('is not prolonged by a factor that is set up, for which nobody asks for the password', async () => {
    const { refreshToken } = await stage.register();
    stage.node.clock.advance(QUARTER_MS - 60_000);
    const next = await stage.first.ask('POST', `${AUTH}/refresh`, { body: { refresh_token: refreshToken } });
    const begun = await begin(stage.textOf(next, 'access_token'));
    const body = { code: stage.appOf(stage.textOf(begun, 'secret')).code() };
    const confirmed = await stage.first.ask('POST', `${AUTH}/second-factor/totp/confirm`, {
      token: stage.textOf(next, 'access_token'),
      body,
    });
    const ofApp = stage.textOf(confirmed, 'access_token');
    const invited = await inviteKey(ofApp);
    const key = createSoftwareAuthenticator({ rpId: 'localhost', origin: 'http://localhost:8080' });
    const made = await stage.first.ask('POST', `${AUTH}/second-factor/passkeys`, {
      token: ofApp,
      body: { name: 'A key', ...key.create({ challenge: stage.textOf(invited, 'challenge') }) },
    });
    const ofKey = stage.textOf(made, 'access_token');
    expect((await inviteKey(ofKey)).status).toBe(201);
    stage.node.clock.advance(61_000);
    for (const bearer of [ofApp, ofKey, await renew(stage.textOf(next, 'refresh_token'))]) {
      expect(await inviteKey(bearer)).toMatchObject(STALE);
    }
  });

  test('takes the second factor where there is one, once, and does not say what was wrong', async () => {
    const { phone, app, recoveryCodes } = await stage.enrolled();
    const signedIn = await stage.answer(await stage.challengeOf(phone), { code: app.code() });
    stage.node.clock.advance(QUARTER_MS + 1_000);
    const token = await renew(stage.textOf(signedIn, 'refresh_token'));
    const refused = [
      await stage.stepUp(token, {}),
      await stage.stepUp(token, { code: app.code() }, 'wrong horse'),
      await stage.stepUp(token, { code: app.code(5) }),
    ];
    for (const answer of refused) expect(answer).toMatchObject(NOT_PROVEN);
    expect(stage.node.refusals.slice(-2)).toEqual(['step_up', 'step_up']);
    const many = await Promise.all(Array.from({ length: 5 }, () => stage.stepUp(token, { code: app.code() })));
    expect(many.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403, 403, 403, 403]);
    expect((await stage.stepUp(token, { recovery_code: recoveryCodes[0] })).status).toBe(200);
    expect(await stage.stepUp(token, { code: app.code(1), recovery_code: recoveryCodes[1] })).toMatchObject({
      status: 400,
    });
  });

  test('counts its codes among the tries at signing in, ten in a quarter of an hour, and only beside the right password', async () => {
    const bounded = await stage.open(await stage.node.start());
    const { phone, token, app } = await stage.enrolled();
    const step = (code: string, password = PASSWORD) =>
      bounded.ask('POST', `${AUTH}/step-up`, { token, body: { password, code } });
    const challenge = await stage.challengeOf(phone);
    for (let tries = 0; tries < 4; tries += 1)
      expect((await stage.answer(challenge, { code: app.code(5) }, bounded)).status).toBe(401);
    expect(await step(app.code(5), 'wrong horse')).toMatchObject(NOT_PROVEN);
    for (let tries = 0; tries < 6; tries += 1) expect(await step(app.code(5))).toMatchObject(NOT_PROVEN);
    expect(await step(app.code())).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  });

  test('is no code by SMS, which whoever holds the telephone can read, with or without the second factor', async () => {
    const byCode = async (phone: string, token?: string) => {
      await stage.first.ask('POST', `${AUTH}/otp`, { body: { phone, purpose: 'login' } });
      const body = { phone, purpose: 'login', code: stage.node.sent.at(-1)?.code };
      return stage.first.ask('POST', `${AUTH}/otp/verify`, { body, ...(token === undefined ? {} : { token }) });
    };
    const plain = await stage.register();
    const signedIn = await byCode(plain.phone, plain.token);
    const token = stage.textOf(signedIn, 'access_token');
    expect(await begin(token)).toMatchObject(STALE);
    expect(await begin(await renew(stage.textOf(signedIn, 'refresh_token')))).toMatchObject(STALE);
    expect((await begin(stage.textOf(await stage.stepUp(token, {}), 'access_token'))).status).toBe(201);

    const { phone, token: own, app } = await stage.enrolled();
    const asked = await byCode(phone, own);
    expect(asked.status).toBe(202);
    const both = await stage.answer(stage.textOf(asked, 'challenge'), { code: app.code() });
    const twoFactor = stage.textOf(both, 'access_token');
    const remove = (bearer: string) => stage.first.ask('DELETE', `${AUTH}/second-factor/totp`, { token: bearer });
    expect(await remove(twoFactor)).toMatchObject(STALE);
    stage.node.clock.advance(60_000);
    const proven = await stage.stepUp(twoFactor, { code: app.code() });
    expect((await remove(stage.textOf(proven, 'access_token'))).status).toBe(204);
  });

  test('is no sign-in of which nobody says whether it was by the password', async () => {
    const { userId, phone, app } = await stage.enrolled();
    const challenge = await stage.challengeOf(phone);
    for (const unsaid of UNSAID) await stage.node.owner.rows(unsaid, [userId]);
    const entered = await stage.answer(challenge, { code: app.code() });
    expect(await inviteKey(stage.textOf(entered, 'access_token'))).toMatchObject(STALE);
    const other = await stage.register();
    for (const unsaid of UNSAID) await stage.node.owner.rows(unsaid, [other.userId]);
    expect(await begin(await renew(other.refreshToken))).toMatchObject(STALE);
  });

  test('of the password alone is not one any more once a factor was set up on another device', async () => {
    const { phone, userId, token, refreshToken } = await stage.register();
    const other = stage.textOf(await stage.login(phone), 'access_token');
    const begun = await begin(other);
    const body = { code: stage.appOf(stage.textOf(begun, 'secret')).code() };
    expect((await stage.first.ask('POST', `${AUTH}/second-factor/totp/confirm`, { token: other, body })).status).toBe(
      200,
    );
    expect((await stage.first.ask('POST', `${AUTH}/refresh`, { body: { refresh_token: refreshToken } })).status).toBe(
      401,
    );
    expect(await stage.modules[1].isFresh({ ...principalOf(userId), authentication: freshly(false) })).toBe(false);
    expect(await stage.modules[1].isFresh({ ...principalOf(userId), authentication: freshly(true) })).toBe(true);
    expect(await stage.modules[1].isFresh(principalOf(userId))).toBe(false);
    expect((await begin(token)).status).toBe(401);
  });

  test('is not given to a session that has ended', async () => {
    const { token } = await stage.register();
    const server = await stage.open(stage.modules[1]);
    expect((await server.ask('POST', `${AUTH}/step-up`, { token, body: { password: PASSWORD } })).status).toBe(200);
    expect((await stage.first.ask('POST', `${AUTH}/logout`, { token })).status).toBe(204);
    stage.node.clock.advance(4_000);
    expect((await server.ask('POST', `${AUTH}/step-up`, { token, body: { password: PASSWORD } })).status).toBe(401);
  });

  const principalOf = (userId: string) =>
    ({ kind: 'user', userId, sessionId: userId, roles: [], actor: `user:${userId}` }) as const;
  const freshly = (isTwoFactor: boolean) => ({ atMs: stage.node.clock.now(), isTwoFactor });

  describe('and who lost the factor', () => {
    const reset = (token: string, userId: string) =>
      stage.first.ask('POST', `${ADMIN_USERS}/${userId}/second-factor/reset`, { token });
    async function admin() {
      const account = await stage.register();
      await stage.makeStaff(account.userId, 'admin');
      return { ...account, token: stage.textOf(await stage.login(account.phone), 'access_token') };
    }

    test('is helped by an admin, who learns nothing and chooses nothing, and is told', async () => {
      const boss = await admin();
      const lost = await stage.enrolled();
      const challenge = await stage.challengeOf(lost.phone);
      const done = await reset(boss.token, lost.userId);
      expect([done.status, done.body]).toEqual([204, {}]);
      expect(await stage.answer(challenge, { code: lost.app.code() })).toMatchObject({
        body: { code: 'challenge_over' },
      });
      expect((await stage.first.ask('GET', `${AUTH}/sessions`, { token: lost.token })).status).toBe(401);
      const signedIn = await stage.login(lost.phone);
      expect(signedIn.status).toBe(200);
      expect((await begin(stage.textOf(signedIn, 'access_token'))).status).toBe(201);
      expect(stage.node.told.some((told) => told.userId === lost.userId && told.notice === 'factor_reset')).toBe(true);
      expect(await stage.node.owner.rows(AUDIT, [lost.userId])).toEqual([
        { type: 'SecondFactorReset', actor: `user:${boss.userId}` },
      ]);
      expect(await reset(boss.token, lost.userId)).toMatchObject({ status: 409, body: { code: 'no_second_factor' } });
    });

    test('is helped by nobody else, not by themselves, and by no admin whose own proof is old', async () => {
      const boss = await admin();
      const lost = await stage.enrolled();
      expect((await reset(lost.token, lost.userId)).status).toBe(403);
      expect((await reset(boss.token, boss.userId)).status).toBe(403);
      expect(await reset(boss.token, '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e')).toMatchObject({
        status: 404,
        body: { code: 'user_not_found' },
      });
      stage.node.clock.advance(QUARTER_MS + 1_000);
      const token = await renew(boss.refreshToken);
      expect(await reset(token, lost.userId)).toMatchObject(STALE);
    });
  });

  describe('where staff must have a second factor', () => {
    let strict: FactorStage;
    beforeAll(async () => {
      strict = await openFactorStage({ staffNeedsFactor: true });
    });
    afterAll(() => strict?.node.close());

    test('duties count only with it, and whoever has none yet can set it up', async () => {
      const { userId, phone, token } = await strict.register();
      await strict.makeStaff(userId, 'admin');
      const roles = (bearer: string) => strict.first.ask('GET', `${ADMIN_USERS}/${userId}/roles`, { token: bearer });
      expect(await roles(token)).toMatchObject({ status: 403, body: { code: 'second_factor_required' } });
      const state = await strict.first.ask('GET', `${AUTH}/second-factor`, { token });
      expect(state.body).toMatchObject({ factors: [], recovery_codes_left: 0, required: true });
      const begun = await strict.first.ask('POST', `${AUTH}/second-factor/totp`, { token });
      const app = strict.appOf(strict.textOf(begun, 'secret'));
      const confirmed = await strict.first.ask('POST', `${AUTH}/second-factor/totp/confirm`, {
        token,
        body: { code: app.code() },
      });
      expect((await roles(strict.textOf(confirmed, 'access_token'))).status).toBe(200);
      strict.node.clock.advance(60_000);
      const signedIn = await strict.answer(await strict.challengeOf(phone), { code: app.code() });
      expect((await roles(strict.textOf(signedIn, 'access_token'))).status).toBe(200);
    });

    test('guests need none', async () => {
      const { token } = await strict.register();
      expect((await strict.first.ask('GET', `${AUTH}/sessions`, { token })).status).toBe(200);
      expect((await strict.first.ask('GET', `${AUTH}/second-factor`, { token })).body).toMatchObject({
        required: false,
      });
    });
  });
});
