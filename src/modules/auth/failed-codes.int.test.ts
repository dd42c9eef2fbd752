import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { openFactorStage, PASSWORD, type App, type FactorStage } from './factors.suite.ts';

const MOST_FAILED = 100;
const DAY_MS = 86_400_000;
const FAILED = statement('test.failed-codes', 'select failed from auth.totp_factor where user_id = $1');
const SET_FAILED = statement(
  'test.set-failed-codes',
  `update auth.totp_factor set failed = $2, failed_since = store.from_ms($3) where user_id = $1`,
);
const REFUSED = { status: 401, body: { code: 'invalid_second_factor' } };

describeWithDatabase('codes of an app that fail', () => {
  let stage: FactorStage;
  beforeAll(async () => {
    stage = await openFactorStage();
  });
  afterAll(() => stage?.node.close());

  const failedOf = async (userId: string) =>
    (await stage.node.owner.rows<{ failed: number }>(FAILED, [userId]))[0]?.failed;
  const toldOf = (userId: string) =>
    stage.node.told.filter((told) => told.userId === userId).map(({ notice }) => notice);
  /** Signs in with a code or a recovery code. */
  const signIn = async (phone: string, proof: object) => stage.answer(await stage.challengeOf(phone), proof);
  async function fail(phone: string, app: App, times: number): Promise<void> {
    for (let tries = 0; tries < times; tries += 5) {
      const challenge = await stage.challengeOf(phone);
      for (let one = 0; one < 5; one += 1)
        expect(await stage.answer(challenge, { code: app.code(9) })).toMatchObject(REFUSED);
    }
  }

  test('are told to the owner, and after a hundred none counts before a recovery code was shown', async () => {
    const { userId, phone, app, recoveryCodes } = await stage.enrolled();
    await fail(phone, app, MOST_FAILED);
    const told = toldOf(userId).filter((notice) => notice.startsWith('factor_'));
    expect(told).toEqual(['factor_enrolled', 'factor_guessed', 'factor_closed']);
    expect(await signIn(phone, { code: app.code() })).toMatchObject(REFUSED);
    expect(await failedOf(userId)).toBe(MOST_FAILED);
    const letIn = await signIn(phone, { recovery_code: recoveryCodes[0] });
    expect(letIn.status).toBe(200);
    expect((await signIn(phone, { code: app.code() })).status).toBe(200);
    expect(await failedOf(userId)).toBe(0);
  });

  test('are forgotten with the app, and thirty days after the first of them', async () => {
    const { userId, phone, app, token } = await stage.enrolled();
    const nowMs = stage.node.clock.now();
    await stage.node.owner.rows(SET_FAILED, [userId, MOST_FAILED, nowMs - 30 * DAY_MS + 60_000]);
    const stepUp = (code: string) => stage.stepUp(token, { code }, PASSWORD);
    expect((await stepUp(app.code())).status).toBe(403);
    stage.node.clock.advance(60_000);
    expect((await signIn(phone, { code: app.code() })).status).toBe(200);
    expect(await failedOf(userId)).toBe(0);
    await stage.node.owner.rows(SET_FAILED, [userId, MOST_FAILED, stage.node.clock.now()]);
    await stage.modules[0].resetFactors(userId, { actor: 'system', correlationId: 'test' });
    expect((await stage.login(phone)).status).toBe(200);
    expect(await failedOf(userId)).toBeUndefined();
  });

  test('are never more than that, however many are shown at once over two processes; those that count are none of them', async () => {
    const { userId, phone, app } = await stage.enrolled();
    expect((await signIn(phone, { code: app.code() })).status).toBe(200);
    expect(await failedOf(userId)).toBe(0);
    await stage.node.owner.rows(SET_FAILED, [userId, MOST_FAILED - 2, stage.node.clock.now() - DAY_MS]);
    const challenges = await Promise.all(Array.from({ length: 8 }, () => stage.challengeOf(phone)));
    const answers = challenges.map((challenge, at) =>
      stage.answer(challenge, { code: app.code(9) }, at % 2 === 0 ? stage.first : stage.second),
    );
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject(REFUSED);
    expect(await failedOf(userId)).toBe(MOST_FAILED);
    expect(toldOf(userId).filter((notice) => notice === 'factor_closed')).toHaveLength(1);
  });
});
