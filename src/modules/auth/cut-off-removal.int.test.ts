import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import type { TestServer } from '../../../test/support/module-server.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { boundless } from './auth.suite.ts';
import { deadRunner, openFactorStage, type FactorStage } from './factors.suite.ts';

const FACTOR = '/api/v1/auth/second-factor';
const META = { actor: 'system', correlationId: 'test' };
const TRAIL = statement(
  'test.factor-trail',
  `select event_type as type from store.event
   where aggregate_type = 'SecondFactor' and event_data ->> 'userId' = $1 order by position`,
);

describeWithDatabase('a second factor that is taken away', () => {
  let stage: FactorStage;
  let dying: TestServer;
  beforeAll(async () => {
    stage = await openFactorStage();
    dying = await stage.open(await stage.node.start({ limiter: boundless, runner: deadRunner }));
  });
  afterAll(() => stage?.node.close());

  const trailOf = async (userId: string) =>
    (await stage.node.owner.rows<{ type: string }>(TRAIL, [userId])).map(({ type }) => type);
  const remove = (server: TestServer, token: string) => server.ask('DELETE', `${FACTOR}/totp`, { token });

  test('goes whole or not at all, and once more when that was cut off', async () => {
    const { userId, phone, token, refreshToken, app } = await stage.enrolled();
    const other = await stage.answer(await stage.challengeOf(phone), { code: app.code() });
    expect((await remove(dying, token)).status).toBe(500);
    expect((await stage.login(phone)).status).toBe(202);
    expect(await trailOf(userId)).toEqual(['SecondFactorEnrolled']);
    expect((await remove(stage.first, token)).status).toBe(204);
    expect(await trailOf(userId)).toEqual(['SecondFactorEnrolled', 'SecondFactorRemoved']);
    const refresh = (shown: string) =>
      stage.first.ask('POST', '/api/v1/auth/refresh', { body: { refresh_token: shown } });
    expect((await refresh(stage.textOf(other, 'refresh_token'))).status).toBe(401);
    const renewed = await refresh(refreshToken);
    const principal = await stage.modules[1].tokens.verify(stage.textOf(renewed, 'access_token'));
    expect(principal?.authentication?.isTwoFactor).toBe(false);
    expect((await stage.login(phone)).status).toBe(200);
  });

  test('also ends a session that was opened while it was told of', async () => {
    const { userId, phone, token, app } = await stage.enrolled();
    const challenge = await stage.challengeOf(phone);
    let late = '';
    const slow = await stage.open(
      await stage.node.start({
        limiter: boundless,
        async notifyOwner() {
          late = stage.textOf(await stage.answer(challenge, { code: app.code() }), 'access_token');
        },
      }),
    );
    expect((await remove(slow, token)).status).toBe(204);
    expect(late).not.toBe('');
    expect((await slow.ask('GET', FACTOR, { token: late })).status).toBe(401);
    expect(await trailOf(userId)).toContain('SecondFactorRemoved');
  });

  test('by a reset is in the log also where its enrolment was cut off and is not', async () => {
    const { userId, token } = await stage.register();
    const begun = await dying.ask('POST', `${FACTOR}/totp`, { token });
    const code = stage.appOf(stage.textOf(begun, 'secret')).code();
    expect((await dying.ask('POST', `${FACTOR}/totp/confirm`, { token, body: { code } })).status).toBe(500);
    expect(await stage.modules[0].resetFactors(userId, META)).toMatchObject({ ok: true });
    expect(await trailOf(userId)).toEqual(['SecondFactorReset']);
    expect(await stage.modules[1].tokens.verify(token)).toBeNull();
  });
});
