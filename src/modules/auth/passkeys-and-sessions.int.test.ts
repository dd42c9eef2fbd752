import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { createSoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import { systemIds } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { openFactorStage, type FactorStage } from './factors.suite.ts';
import { createPasskeys } from './persistence/passkeys.ts';

const PASSKEYS = '/api/v1/auth/second-factor/passkeys';
const HOME = { rpId: 'localhost', origin: 'http://localhost:8080' };

const END = statement(
  'test.end-sessions',
  `update auth.session set revoked_at = opened_at, revoked_because = 'sign_out', masked_token = null where user_id = $1`,
);
const GO_ON = statement(
  'test.sessions-go-on',
  'update auth.session set revoked_at = null, revoked_because = null where user_id = $1',
);
const SESSION = statement('test.session', 'select id from auth.session where user_id = $1');
const KEPT = statement(
  'test.kept-passkeys',
  'select count(*)::integer as passkeys from auth.passkey where user_id = $1',
);

const vault = {
  seal: async (_subject: string, text: string) => text,
  open: async (text: string) => text,
  blindIndex: () => 'index',
};

describeWithDatabase('passkeys and sessions', () => {
  let stage: FactorStage;
  beforeAll(async () => {
    stage = await openFactorStage();
  });
  afterAll(() => stage?.node.close());

  async function create(token: string) {
    const begun = await stage.first.ask('POST', `${PASSKEYS}/challenge`, { token });
    const made = createSoftwareAuthenticator(HOME).create({ challenge: stage.textOf(begun, 'challenge') });
    return { name: 'Менин ачкычым', ...made };
  }

  test('a session that ended adds none, also where nobody has heard of its end yet', async () => {
    const { userId } = await stage.register();
    const { owner: database, clock } = stage.node;
    const passkeys = createPasskeys({ database, vault });
    const [session] = await database.rows<{ readonly id: string }>(SESSION, [userId]);
    const [sessionId, nowMs] = [session?.id ?? '', clock.now()];
    const add = () => {
      const credential = { credentialId: 'a', publicKey: 'b', transports: [], counter: 0 };
      return passkeys.add(
        { ...credential, userId, sessionId, passkeyId: systemIds.next(), name: 'Менин ачкычым', nowMs },
        { most: 10, recoveryCodes: [{ name: 'RA', codeHash: 'hash' }] },
      );
    };
    await database.rows(END, [userId]);
    expect(await add()).toBe('signed_out');
    expect(await database.rows(KEPT, [userId])).toEqual([{ passkeys: 0 }]);
    await database.rows(GO_ON, [userId]);
    expect(await add()).toBe('first');
  });

  test('a park gets no card of staff who have passkeys and no app', async () => {
    const { userId, token } = await stage.register();
    await stage.makeStaff(userId);
    const idsAtPark = async () => (await stage.modules[0].staffCardsOf('ala-archa')).cards.map((card) => card.userId);
    expect(await idsAtPark()).toContain(userId);
    const body = await create(token);
    expect((await stage.first.ask('POST', PASSKEYS, { token, body })).status).toBe(201);
    expect(await idsAtPark()).not.toContain(userId);
  });
});
