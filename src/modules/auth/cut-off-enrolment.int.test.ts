import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { createSoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { boundless } from './auth.suite.ts';
import { deadRunner as runner, openFactorStage, type FactorStage } from './factors.suite.ts';

const FACTOR = '/api/v1/auth/second-factor';
const META = { actor: 'system', correlationId: 'test' };
const WRITTEN = statement(
  'test.enrolments',
  `select actor from store.event where event_type = 'SecondFactorEnrolled' and event_data ->> 'userId' = $1`,
);

describeWithDatabase('an enrolment of a second factor', () => {
  let stage: FactorStage;
  beforeAll(async () => {
    stage = await openFactorStage();
  });
  afterAll(() => stage?.node.close());

  async function finish(): Promise<void> {
    const job = stage.modules[1].jobs?.find(({ name }) => name.startsWith('finish enrolments'));
    if (job === undefined) throw new Error('nothing finishes enrolments');
    await job.run({ limit: 100, stopping: new AbortController().signal, meta: META });
  }
  const toldOf = (userId: string) =>
    stage.node.told.filter((told) => told.userId === userId && told.notice === 'factor_enrolled');

  test('that is cut off is finished: written down once, told to the owner, and no session from before goes on', async () => {
    const dying = await stage.open(await stage.node.start({ limiter: boundless, runner }));
    const { userId, phone, token } = await stage.register();
    const begun = await dying.ask('POST', `${FACTOR}/totp`, { token });
    const app = stage.appOf(stage.textOf(begun, 'secret'));
    const confirmed = await dying.ask('POST', `${FACTOR}/totp/confirm`, { token, body: { code: app.code() } });
    expect(confirmed.status).toBe(500);
    await finish();
    expect(await stage.node.owner.rows(WRITTEN, [userId])).toEqual([]);
    stage.node.clock.advance(61_000);
    await finish();
    await finish();
    expect(await stage.node.owner.rows(WRITTEN, [userId])).toEqual([{ actor: `user:${userId}` }]);
    expect(toldOf(userId)).toHaveLength(1);
    expect(await stage.modules[1].tokens.verify(token)).toBeNull();
    // What waits there for its owner: the app counts.
    expect((await stage.answer(await stage.challengeOf(phone), { code: app.code() })).status).toBe(200);
  });

  test('by a passkey likewise', async () => {
    const dying = await stage.open(await stage.node.start({ limiter: boundless, runner }));
    const { userId, token } = await stage.register();
    const key = createSoftwareAuthenticator({ rpId: 'localhost', origin: 'http://localhost:8080' });
    const begun = await dying.ask('POST', `${FACTOR}/passkeys/challenge`, { token });
    const body = { name: 'A key', ...key.create({ challenge: stage.textOf(begun, 'challenge') }) };
    expect((await dying.ask('POST', `${FACTOR}/passkeys`, { token, body })).status).toBe(500);
    stage.node.clock.advance(61_000);
    await finish();
    await finish();
    expect(await stage.node.owner.rows(WRITTEN, [userId])).toEqual([{ actor: `user:${userId}` }]);
    expect(toldOf(userId)).toHaveLength(1);
    expect(await stage.modules[1].tokens.verify(token)).toBeNull();
  });

  test('that is whole is left alone', async () => {
    const { userId, token } = await stage.enrolled();
    stage.node.clock.advance(61_000);
    await finish();
    expect(toldOf(userId)).toHaveLength(1);
    expect(await stage.modules[1].tokens.verify(token)).not.toBeNull();
  });
});
