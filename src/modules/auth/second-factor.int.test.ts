import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { openFactorStage, PASSWORD, type FactorStage } from './factors.suite.ts';

const AUTH = '/api/v1/auth';
const NEW_PASSWORD = 'seven yaks in the snow';
const REFUSED = { status: 401, body: { code: 'invalid_second_factor' } };
const OVER = { status: 401, body: { code: 'challenge_over' } };

const EVERYTHING = statement(
  'test.factors-everything',
  `select concat_ws(' ', (select string_agg(f::text, ' ') from auth.totp_factor f),
     (select string_agg(r::text, ' ') from auth.recovery_code r), (select string_agg(c::text, ' ') from auth.factor_challenge c),
     (select string_agg(e::text, ' ') from store.event e)) as text`,
);
const EVENTS = statement(
  'test.factor-events',
  `select event_type as type, event_data ->> 'why' as why, actor from store.event
   where event_data ->> 'userId' = $1 and aggregate_type = 'SecondFactor' order by position`,
);

describeWithDatabase('a second factor', () => {
  let stage: FactorStage;
  beforeAll(async () => {
    stage = await openFactorStage();
  });
  afterAll(() => stage?.node.close());
  beforeEach(() => stage.node.clock.advance(120_000));

  describe('when signing in', () => {
    test('is asked for after the password, and only then there are tokens', async () => {
      const { phone, app } = await stage.enrolled();
      const asked = await stage.login(phone);
      expect(asked.status).toBe(202);
      expect(Object.keys(asked.body).toSorted()).toEqual(['challenge', 'expires_in', 'factors']);
      const answer = await stage.answer(stage.textOf(asked, 'challenge'), { code: app.code() }, stage.second);
      expect(answer).toMatchObject({ status: 200, body: { user: { phone }, expires_in: 600 } });
      const token = stage.textOf(answer, 'access_token');
      expect((await stage.first.ask('GET', `${AUTH}/sessions`, { token })).status).toBe(200);
    });

    test('travels in the cookie like any sign-in', async () => {
      const { phone, app } = await stage.enrolled();
      const answer = await stage.first.ask('POST', `${AUTH}/login/second-factor`, {
        body: { challenge: await stage.challengeOf(phone), code: app.code() },
        headers: { 'x-session': 'cookie' },
      });
      expect(answer.body).not.toHaveProperty('refresh_token');
      expect(String(answer.headers['set-cookie'])).toContain('__Host-refresh=');
    });

    test('is asked for after the password was set anew by SMS', async () => {
      const { phone, app } = await provenAndEnrolled();
      const resetToken = await resetTokenOf(phone);
      const body = { reset_token: resetToken, new_password: NEW_PASSWORD };
      expect((await stage.first.ask('POST', `${AUTH}/password/reset`, { body })).status).toBe(204);
      const asked = await stage.login(phone, stage.first, NEW_PASSWORD);
      expect(asked.status).toBe(202);
      expect((await stage.answer(stage.textOf(asked, 'challenge'), { code: app.code() })).status).toBe(200);
    });

    test.each(['login', 'verify'] as const)('is asked for after a code by SMS for %s', async (purpose) => {
      const { phone, app } = await provenAndEnrolled();
      const asked = await showCode(phone, purpose);
      expect(asked).toMatchObject({ status: 202, body: { factors: ['totp'] } });
      expect(asked.body).not.toHaveProperty('access_token');
      expect((await stage.answer(stage.textOf(asked, 'challenge'), { code: app.code() })).status).toBe(200);
    });

    test('is refused in the same words when it is wrong, old, to come, or used', async () => {
      const { phone, app } = await stage.enrolled();
      const used = app.code();
      expect((await stage.answer(await stage.challengeOf(phone), { code: used })).status).toBe(200);
      const wrong = ['000000', '999999'].find((code) => ![-1, 0, 1].map((step) => app.code(step)).includes(code));
      for (const code of [wrong, app.code(-2), app.code(2), used]) {
        expect(await stage.answer(await stage.challengeOf(phone), { code })).toMatchObject(REFUSED);
      }
      expect(await stage.answer(await stage.challengeOf(phone), { recovery_code: 'RA-AAAAA-AAAAA' })).toMatchObject(
        REFUSED,
      );
      expect(stage.node.refusals.slice(-5)).toEqual(Array(5).fill('sign_in'));
    });

    test('counts one step before and after its own, and no code before a used one', async () => {
      const { phone, app } = await stage.enrolled();
      const before = app.code(-1);
      expect((await stage.answer(await stage.challengeOf(phone), { code: app.code(1) })).status).toBe(200);
      expect(await stage.answer(await stage.challengeOf(phone), { code: before })).toMatchObject(REFUSED);
      expect(await stage.answer(await stage.challengeOf(phone), { code: app.code() })).toMatchObject(REFUSED);
    });

    test('lets in one of many that show the same code at once over two processes', async () => {
      const { phone, app } = await stage.enrolled();
      const challenges = await Promise.all(Array.from({ length: 8 }, () => stage.challengeOf(phone)));
      const code = app.code();
      const answers = await Promise.all(
        challenges.map((challenge, index) =>
          stage.answer(challenge, { code }, index % 2 === 0 ? stage.first : stage.second),
        ),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
    });

    test('lets in one of many that answer the same challenge at once, whatever they show', async () => {
      const { phone, app, recoveryCodes } = await stage.enrolled();
      const challenge = await stage.challengeOf(phone);
      const proofs = [{ code: app.code() }, { code: app.code(1) }, { recovery_code: recoveryCodes[0] }];
      const answers = await Promise.all(
        proofs.map((proof, index) => stage.answer(challenge, proof, index === 0 ? stage.first : stage.second)),
      );
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    });
  });

  describe('a challenge', () => {
    test('is good once, for 5 minutes, and for its own account', async () => {
      const [one, other] = [await stage.enrolled(), await stage.enrolled()];
      const challenge = await stage.challengeOf(one.phone);
      expect(await stage.answer(challenge, { code: other.app.code() })).toMatchObject(REFUSED);
      expect((await stage.answer(challenge, { code: one.app.code() })).status).toBe(200);
      stage.node.clock.advance(60_000);
      expect(await stage.answer(challenge, { code: one.app.code() })).toMatchObject(OVER);
      const late = await stage.challengeOf(one.phone);
      stage.node.clock.advance(300_001);
      expect(await stage.answer(late, { code: one.app.code() })).toMatchObject(OVER);
      expect(await stage.answer('nothing of ours', { code: one.app.code() })).toMatchObject(OVER);
    });

    test('is over after five wrong codes, also for the right one', async () => {
      const { phone, app } = await stage.enrolled();
      const challenge = await stage.challengeOf(phone);
      for (let tries = 0; tries < 5; tries += 1) {
        expect(await stage.answer(challenge, { code: app.code(5) })).toMatchObject(REFUSED);
      }
      expect(await stage.answer(challenge, { code: app.code() })).toMatchObject(OVER);
    });

    test('is worth nothing once the password was changed, or the account has no factor any more', async () => {
      const { phone, token, app } = await stage.enrolled();
      const challenge = await stage.challengeOf(phone);
      const body = { current_password: PASSWORD, new_password: NEW_PASSWORD };
      expect((await stage.first.ask('POST', `${AUTH}/password`, { token, body })).status).toBe(204);
      expect(await stage.answer(challenge, { code: app.code() })).toMatchObject(OVER);
      const asked = stage.textOf(await stage.login(phone, stage.first, NEW_PASSWORD), 'challenge');
      expect((await stage.first.ask('DELETE', `${AUTH}/second-factor/totp`, { token })).status).toBe(204);
      expect(await stage.answer(asked, { code: app.code() })).toMatchObject(OVER);
    });

    test('wants one proof, not two and not none', async () => {
      const { phone, app, recoveryCodes } = await stage.enrolled();
      const challenge = await stage.challengeOf(phone);
      for (const proof of [{}, { code: app.code(), recovery_code: recoveryCodes[0] }]) {
        expect(await stage.answer(challenge, proof)).toMatchObject({
          status: 400,
          body: { code: 'validation_failed' },
        });
      }
    });
  });

  describe('setting it up', () => {
    test('shows the secret once and asks for nothing before a code was confirmed', async () => {
      const { phone, token } = await stage.register();
      const begun = await stage.first.ask('POST', `${AUTH}/second-factor/totp`, { token });
      const secret = stage.textOf(begun, 'secret');
      expect(begun.body['uri']).toBe(
        `otpauth://totp/Sky%20Park:${encodeURIComponent(phone)}?secret=${secret}&issuer=Sky%20Park&algorithm=SHA1&digits=6&period=30`,
      );
      expect((await stage.login(phone)).status).toBe(200);
      const again = await stage.first.ask('POST', `${AUTH}/second-factor/totp`, { token });
      expect(again.body['secret']).not.toBe(secret);
      const confirm = (code: string) =>
        stage.first.ask('POST', `${AUTH}/second-factor/totp/confirm`, { token, body: { code } });
      expect(await confirm(stage.appOf(secret).code())).toMatchObject({
        status: 403,
        body: { code: 'wrong_second_factor' },
      });
      const confirmed = await confirm(stage.appOf(stage.textOf(again, 'secret')).code());
      expect(confirmed.status).toBe(200);
      // The token from before says nothing of the factor that there is now.
      expect(await stage.first.ask('POST', `${AUTH}/second-factor/totp`, { token })).toMatchObject({
        status: 403,
        body: { code: 'step_up_required' },
      });
      const fresh = stage.textOf(confirmed, 'access_token');
      expect(await stage.first.ask('POST', `${AUTH}/second-factor/totp`, { token: fresh })).toMatchObject({
        status: 409,
        body: { code: 'second_factor_exists' },
      });
    });

    test('takes no code of a secret that waits for longer than 15 minutes', async () => {
      const { token, refreshToken } = await stage.register();
      const begun = await stage.first.ask('POST', `${AUTH}/second-factor/totp`, { token });
      stage.node.clock.advance(900_001);
      const renewed = await stage.first.ask('POST', `${AUTH}/refresh`, { body: { refresh_token: refreshToken } });
      const fresh = await stage.stepUp(stage.textOf(renewed, 'access_token'), {});
      const confirmed = await stage.first.ask('POST', `${AUTH}/second-factor/totp/confirm`, {
        token: stage.textOf(fresh, 'access_token'),
        body: { code: stage.appOf(stage.textOf(begun, 'secret')).code() },
      });
      expect(confirmed).toMatchObject({ status: 403, body: { code: 'wrong_second_factor' } });
    });

    test('ends every other session, tells the owner, and is told in the log without a secret', async () => {
      const before = stage.node.told.length;
      const { userId, phone, token, refreshToken, app } = await stage.enrolled();
      expect(stage.node.told.slice(before).map(({ notice }) => notice)).toContain('factor_enrolled');
      expect((await stage.first.ask('GET', `${AUTH}/sessions`, { token })).status).toBe(200);
      const renewed = await stage.first.ask('POST', `${AUTH}/refresh`, { body: { refresh_token: refreshToken } });
      expect(renewed.status).toBe(200);
      const other = await stage.answer(await stage.challengeOf(phone), { code: app.code() });
      expect((await stage.first.ask('DELETE', `${AUTH}/second-factor/totp`, { token })).status).toBe(204);
      const left = { body: { refresh_token: stage.textOf(other, 'refresh_token') } };
      expect((await stage.first.ask('POST', `${AUTH}/refresh`, left)).status).toBe(401);
      expect((await stage.login(phone)).status).toBe(200);
      expect(await stage.node.owner.rows(EVENTS, [userId])).toEqual([
        { type: 'SecondFactorEnrolled', why: 'guest', actor: `user:${userId}` },
        { type: 'SecondFactorRemoved', why: 'guest', actor: `user:${userId}` },
      ]);
      expect(stage.node.told.at(-1)).toMatchObject({ userId, notice: 'factor_removed' });
    });

    test('and removing it leaves one session, which is of the password alone from then on', async () => {
      const { token, refreshToken } = await stage.enrolled();
      const renew = async (shown: string) => {
        const renewed = await stage.first.ask('POST', `${AUTH}/refresh`, { body: { refresh_token: shown } });
        const principal = await stage.modules[1].tokens.verify(stage.textOf(renewed, 'access_token'));
        return { next: stage.textOf(renewed, 'refresh_token'), isTwoFactor: principal?.authentication?.isTwoFactor };
      };
      const before = await renew(refreshToken);
      expect(before.isTwoFactor).toBe(true);
      expect((await stage.first.ask('DELETE', `${AUTH}/second-factor/totp`, { token })).status).toBe(204);
      expect((await renew(before.next)).isTwoFactor).toBe(false);
    });

    test('of many that confirm at once one is told its recovery codes', async () => {
      const { token } = await stage.register();
      const begun = await stage.first.ask('POST', `${AUTH}/second-factor/totp`, { token });
      const body = { code: stage.appOf(stage.textOf(begun, 'secret')).code() };
      const answers = await Promise.all(
        [stage.first, stage.second, stage.first, stage.second].map((server) =>
          server.ask('POST', `${AUTH}/second-factor/totp/confirm`, { token, body }),
        ),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403, 403, 403]);
    });
  });

  test('leaves nothing in the database, the log or the lines that could be used', async () => {
    const { phone, app, recoveryCodes, token } = await stage.enrolled();
    const challenge = await stage.challengeOf(phone);
    const [row] = await stage.node.owner.rows<{ text: string }>(EVERYTHING);
    const codes = recoveryCodes.flatMap((code) => [code, code.slice(3).replaceAll('-', '')]);
    for (const secret of [challenge, Buffer.from(challenge, 'base64url').toString('hex'), ...codes, app.code()]) {
      expect(row?.text).not.toContain(secret);
      expect(stage.first.lines.join('')).not.toContain(secret);
    }
    expect(token.length).toBeGreaterThan(0);
  });

  /** An account whose owner has shown that its number is theirs. */
  async function provenAndEnrolled() {
    const account = await stage.enrolled();
    await stage.modules[0].vouchForPhone(account.userId, { actor: 'system', correlationId: 'test' });
    return account;
  }
  async function showCode(phone: string, purpose: 'login' | 'reset' | 'verify') {
    expect((await stage.first.ask('POST', `${AUTH}/otp`, { body: { phone, purpose } })).status).toBe(202);
    const code = stage.node.sent.at(-1)?.code;
    return stage.first.ask('POST', `${AUTH}/otp/verify`, { body: { phone, code, purpose } });
  }
  const resetTokenOf = async (phone: string) => stage.textOf(await showCode(phone, 'reset'), 'reset_token');
});
