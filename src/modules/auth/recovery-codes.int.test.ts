import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { openFactorStage, type FactorStage } from './factors.suite.ts';

const AUTH = '/api/v1/auth';
const REFUSED = { status: 401, body: { code: 'invalid_second_factor' } };

const HASHES = statement('test.recovery-hashes', 'select code_hash from auth.recovery_code where user_id = $1');
const RENEWED = statement(
  'test.renewed-codes',
  `select event_data ->> 'why' as why, actor from store.event
   where event_type = 'RecoveryCodesRenewed' and event_data ->> 'userId' = $1`,
);

describeWithDatabase('recovery codes', () => {
  let stage: FactorStage;
  beforeAll(async () => {
    stage = await openFactorStage();
  });
  afterAll(() => stage?.node.close());
  beforeEach(() => stage.node.clock.advance(120_000));

  test('are ten, each good once, also in parallel, and the owner is told', async () => {
    const { userId, phone, recoveryCodes } = await stage.enrolled();
    expect(new Set(recoveryCodes).size).toBe(10);
    const proof = { recovery_code: recoveryCodes[3]?.toLowerCase().replaceAll('-', ' ') };
    const challenges = await Promise.all(Array.from({ length: 6 }, () => stage.challengeOf(phone)));
    const answers = await Promise.all(
      challenges.map((challenge, index) =>
        stage.answer(challenge, proof, index % 2 === 0 ? stage.first : stage.second),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(stage.node.told.at(-1)?.notice).not.toBe('factor_removed');
    expect(stage.node.told.some((told) => told.userId === userId && told.notice === 'recovery_code_used')).toBe(true);
    const [winner] = answers.filter(({ status }) => status === 200);
    const state = await stage.first.ask('GET', `${AUTH}/second-factor`, {
      token: winner === undefined ? '' : stage.textOf(winner, 'access_token'),
    });
    expect(state.body).toMatchObject({ factors: ['totp'], recovery_codes_left: 9, required: false });
  });

  test('are replaced by new ones, which ends other sessions and is told, and go with the factor', async () => {
    const { userId, phone, token, app, recoveryCodes } = await stage.enrolled();
    const other = await stage.answer(await stage.challengeOf(phone), { code: app.code() });
    const renewed = await stage.first.ask('POST', `${AUTH}/second-factor/recovery-codes`, { token });
    expect(renewed.status).toBe(201);
    const left = { body: { refresh_token: stage.textOf(other, 'refresh_token') } };
    expect((await stage.first.ask('POST', `${AUTH}/refresh`, left)).status).toBe(401);
    expect(stage.node.told.at(-1)).toMatchObject({ userId, notice: 'recovery_codes_renewed' });
    expect(await stage.node.owner.rows(RENEWED, [userId])).toEqual([{ why: 'guest', actor: `user:${userId}` }]);
    expect(await stage.answer(await stage.challengeOf(phone), { recovery_code: recoveryCodes[0] })).toMatchObject(
      REFUSED,
    );
    const [fresh] = renewed.body['recovery_codes'] as readonly string[];
    expect((await stage.answer(await stage.challengeOf(phone), { recovery_code: fresh })).status).toBe(200);
    expect((await stage.first.ask('DELETE', `${AUTH}/second-factor/totp`, { token })).status).toBe(204);
    expect(await stage.node.owner.rows(HASHES, [userId])).toEqual([]);
    expect(await stage.first.ask('POST', `${AUTH}/second-factor/recovery-codes`, { token })).toMatchObject({
      status: 409,
      body: { code: 'no_second_factor' },
    });
  });

  test('are kept as slow hashes with salts of their own', async () => {
    const { userId } = await stage.enrolled();
    const hashes = (await stage.node.owner.rows<{ code_hash: string }>(HASHES, [userId])).map((row) => row.code_hash);
    expect(hashes).toHaveLength(10);
    expect(hashes.every((hash) => hash.startsWith('$argon2id$v=19$m=19456,t=2,p=1$'))).toBe(true);
    expect(new Set(hashes.map((hash) => hash.split('$')[4])).size).toBe(10);
  });
});
