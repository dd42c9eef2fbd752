import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import type { Answer } from '../../../test/support/module-server.ts';
import { createSoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { openFactorStage, type FactorStage } from './factors.suite.ts';
import { createPasskeys } from './persistence/passkeys.ts';
import { createSecondFactors } from './persistence/second-factors.ts';

const FACTOR = '/api/v1/auth/second-factor';
const HOME = { rpId: 'localhost', origin: 'http://localhost:8080' };
const SESSION = statement('test.session-of', 'select id from auth.session where user_id = $1');
const CODES = statement('test.codes-of', 'select code_hash from auth.recovery_code where user_id = $1');

const vault = {
  seal: async (_subject: string, text: string) => text,
  open: async (text: string) => text,
  blindIndex: (_scope: string, text: string) => text,
};
const codesOf = (answer: Answer): readonly string[] => answer.body['recovery_codes'] as readonly string[];

describeWithDatabase('recovery codes come with the first factor alone', () => {
  let stage: FactorStage;
  beforeAll(async () => {
    stage = await openFactorStage();
  });
  afterAll(() => stage?.node.close());
  beforeEach(() => stage.node.clock.advance(120_000));

  /** An app that waits for its first code. */
  async function beginApp(token: string) {
    const begun = await stage.first.ask('POST', `${FACTOR}/totp`, { token });
    return stage.appOf(stage.textOf(begun, 'secret'));
  }
  const confirm = (token: string, code: string) =>
    stage.first.ask('POST', `${FACTOR}/totp/confirm`, { token, body: { code } });
  async function createKey(token: string) {
    const begun = await stage.first.ask('POST', `${FACTOR}/passkeys/challenge`, { token });
    const made = createSoftwareAuthenticator(HOME).create({ challenge: stage.textOf(begun, 'challenge') });
    return { name: 'A key', ...made };
  }
  const addKey = (token: string, body: object) => stage.second.ask('POST', `${FACTOR}/passkeys`, { token, body });
  const keptCodes = (userId: string) => stage.node.owner.rows(CODES, [userId]);

  test('an app beside a passkey leaves them as they are', async () => {
    const { userId, phone, token } = await stage.register();
    const added = await addKey(token, await createKey(token));
    expect(codesOf(added)).toHaveLength(10);
    const before = await keptCodes(userId);
    const fresh = stage.textOf(added, 'access_token');
    const app = await beginApp(fresh);
    const confirmed = await confirm(fresh, app.code());
    expect(confirmed).toMatchObject({ status: 200, body: { recovery_codes: [] } });
    expect(await keptCodes(userId)).toEqual(before);
    const challenge = stage.textOf(await stage.login(phone), 'challenge');
    expect((await stage.answer(challenge, { recovery_code: codesOf(added)[0] })).status).toBe(200);
  });

  test('of an app and a passkey at once, over two processes, one has them', async () => {
    const { userId, phone, token } = await stage.register();
    const [app, key] = [await beginApp(token), await createKey(token)];
    const answers = await Promise.all([confirm(token, app.code()), addKey(token, key)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 201]);
    expect(answers.map((answer) => codesOf(answer).length).toSorted((a, b) => a - b)).toEqual([0, 10]);
    expect(await keptCodes(userId)).toHaveLength(10);
    const challenge = stage.textOf(await stage.login(phone), 'challenge');
    const [shown] = answers.flatMap(codesOf);
    expect((await stage.answer(challenge, { recovery_code: shown })).status).toBe(200);
  });

  test('and none is kept without them that turns out to be the first', async () => {
    const { userId, token } = await stage.register();
    const { owner: database, clock } = stage.node;
    const [session] = await database.rows<{ readonly id: string }>(SESSION, [userId]);
    const credential = { credentialId: userId, publicKey: 'b', transports: [], counter: 0, name: 'A key' };
    const whose = { userId, sessionId: session?.id ?? '', passkeyId: systemIds.next(), nowMs: clock.now() };
    const bounds = { most: 10, recoveryCodes: [] };
    expect(await createPasskeys({ database, vault }).add({ ...credential, ...whose }, bounds)).toBe('without_codes');
    const app = await beginApp(token);
    const factors = createSecondFactors(database);
    const sealedSecret = (await factors.pendingTotp(userId, 0))?.sealedSecret ?? '';
    const asked = { userId, sealedSecret, step: 1, nowMs: clock.now() };
    expect(await factors.confirmTotp({ ...asked, recoveryCodes: [] })).toBeNull();
    expect(await factors.kindsOf(userId)).toEqual([]);
    expect((await confirm(token, app.code())).status).toBe(200);
  });
});
