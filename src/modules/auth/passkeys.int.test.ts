import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import type { Answer } from '../../../test/support/module-server.ts';
import {
  createSoftwareAuthenticator,
  type Ceremony,
  type SoftwareAuthenticator,
} from '../../../test/support/software-authenticator.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { openFactorStage, type FactorStage } from './factors.suite.ts';

const AUTH = '/api/v1/auth';
const PASSKEYS = `${AUTH}/second-factor/passkeys`;
const QUARTER_MS = 900_000;
const CHALLENGE_MS = 300_000;
const HOME = { rpId: 'localhost', origin: 'http://localhost:8080' };
const REFUSED = { status: 401, body: { code: 'invalid_second_factor' } };

const TRAIL = statement(
  'test.passkey-trail',
  `select event_type as type, actor, event_data ->> 'passkeyId' as "passkeyId", event_data ->> 'why' as why from store.event
   where event_type in ('SecondFactorEnrolled', 'SecondFactorRemoved', 'SecondFactorReset', 'PasskeyRefused')
     and event_data ->> 'userId' = $1 order by position`,
);
const KEPT = statement(
  'test.passkeys-kept',
  `select (select count(*)::integer from auth.passkey where user_id = $1) as passkeys,
     (select count(*)::integer from auth.passkey_challenge where user_id = $1) as challenges,
     (select count(*)::integer from auth.recovery_code where user_id = $1) as codes`,
);
const SEALED = statement('test.passkeys-sealed', 'select * from auth.passkey where user_id = $1');

type Person = { readonly userId: string; readonly phone: string; readonly token: string };

describeWithDatabase('passkeys', () => {
  let stage: FactorStage;
  beforeAll(async () => {
    stage = await openFactorStage();
  });
  afterAll(() => stage?.node.close());
  beforeEach(() => stage.node.clock.advance(120_000));

  const ask = (...parts: Parameters<FactorStage['first']['ask']>) => stage.first.ask(...parts);
  const begin = async (token: string) =>
    stage.textOf(await ask('POST', `${PASSKEYS}/challenge`, { token }), 'challenge');
  const finish = (token: string, made: object, name = 'Менин ачкычым') =>
    ask('POST', PASSKEYS, { token, body: { name, ...made } });
  const stateOf = (token: string) => ask('GET', `${AUTH}/second-factor`, { token });

  /** Adds a new authenticator to an account; its token is one of two factors from then on. */
  async function add<Who extends Person>(person: Who) {
    const key = createSoftwareAuthenticator(HOME);
    const done = await finish(person.token, key.create({ challenge: await begin(person.token) }));
    expect(done.status).toBe(201);
    const { id } = done.body['passkey'] as { id: string };
    const recoveryCodes = done.body['recovery_codes'] as string[];
    return { ...person, key, passkeyId: id, recoveryCodes, token: stage.textOf(done, 'access_token') };
  }
  const withKey = async () => add(await stage.register());

  /** Shows the password; answers the challenge of the sign-in. */
  async function arrive(phone: string, factors: readonly string[] = ['passkey']): Promise<string> {
    const asked = await stage.login(phone);
    expect(asked).toMatchObject({ status: 202, body: { factors } });
    return stage.textOf(asked, 'challenge');
  }
  const askKey = async (challenge: string) =>
    stage.textOf(await ask('POST', `${AUTH}/login/second-factor/passkey`, { body: { challenge } }), 'challenge');
  /** Signs in with the password and what an authenticator says to the challenge. */
  async function signIn(phone: string, key: SoftwareAuthenticator, lies: Partial<Ceremony> = {}) {
    const challenge = await arrive(phone);
    return stage.answer(challenge, { passkey: key.get({ challenge: await askKey(challenge), ...lies }) });
  }
  const trailOf = (userId: string) => stage.node.owner.rows(TRAIL, [userId]);
  const toldTo = (userId: string) => stage.node.told.filter((one) => one.userId === userId).map(({ notice }) => notice);

  test('are added, asked for at sign-in and shown to their owner, who is told', async () => {
    const person = await stage.register();
    await stage.makeStaff(person.userId);
    const elsewhere = stage.textOf(await stage.login(person.phone), 'access_token');
    const { userId, phone, token, key, passkeyId, recoveryCodes } = await add(person);
    expect(recoveryCodes).toHaveLength(10);
    expect((await stateOf(elsewhere)).status).toBe(401);
    expect(await stateOf(token)).toMatchObject({
      status: 200,
      body: {
        factors: ['passkey'],
        recovery_codes_left: 10,
        passkeys: [{ id: passkeyId, name: 'Менин ачкычым', last_used_at: null }],
        passkey_origin: 'http://localhost:8080',
      },
    });
    const done = await signIn(phone, key);
    expect(done).toMatchObject({ status: 200, body: { user: { id: userId } } });
    const listed = await stateOf(stage.textOf(done, 'access_token'));
    expect(listed.body['passkeys']).toMatchObject([{ id: passkeyId, last_used_at: expect.stringContaining('2026-') }]);
    expect(await trailOf(userId)).toEqual([
      { type: 'SecondFactorEnrolled', actor: `user:${userId}`, passkeyId, why: 'staff' },
    ]);
    expect(toldTo(userId)).toContain('factor_enrolled');
  });

  test('give a session of two factors and a fresh proof, as the app does', async () => {
    const { phone, key, token } = await withKey();
    const signedIn = await signIn(phone, key);
    const claimsOf = (answer: Answer) =>
      JSON.parse(Buffer.from(stage.textOf(answer, 'access_token').split('.')[1] ?? '', 'base64url').toString());
    const claims = claimsOf(signedIn);
    const ofApp = await stage.enrolled();
    const byApp = await stage.answer(await stage.challengeOf(ofApp.phone), { code: ofApp.app.code() });
    const appClaims = claimsOf(byApp);
    expect(claims.acr).toBe(appClaims.acr);
    expect(Object.keys(claims)).toEqual(Object.keys(appClaims));
    expect((await stage.stepUp(token, {})).status).toBe(403);

    stage.node.clock.advance(QUARTER_MS + 1_000);
    const renewed = await ask('POST', `${AUTH}/refresh`, {
      body: { refresh_token: stage.textOf(signedIn, 'refresh_token') },
    });
    const stale = stage.textOf(renewed, 'access_token');
    expect(await ask('POST', `${PASSKEYS}/challenge`, { token: stale })).toMatchObject({
      status: 403,
      body: { code: 'step_up_required' },
    });
    const asked = await ask('POST', `${AUTH}/step-up/passkey`, { token: stale });
    expect(asked).toMatchObject({
      status: 201,
      body: { rp_id: 'localhost', expires_in: 300, credentials: [{ id: key.credentialId, transports: ['internal'] }] },
    });
    const passkey = key.get({ challenge: stage.textOf(asked, 'challenge') });
    expect(await stage.stepUp(stale, { passkey }, 'wrong horse')).toMatchObject({ body: { code: 'not_proven' } });
    const fresh = await stage.stepUp(stale, { passkey });
    expect(fresh.status).toBe(200);
    expect((await stage.stepUp(stale, { passkey })).status).toBe(403);
    expect(await begin(stage.textOf(fresh, 'access_token'))).toHaveLength(43);
  });

  describe('that sign', () => {
    test.each([
      ['at another origin', { origin: 'https://sky-park.example' }],
      ['at another port of this machine', { origin: 'http://localhost:8081' }],
      ['for another name', { rpId: 'sky-park.example' }],
      ['without looking who touches them', { isVerified: false }],
      ['in a frame of another page', { crossOrigin: true }],
      ['another challenge', { challenge: Buffer.alloc(32, 1).toString('base64url') }],
    ])('%s are refused, at signing in and when they are made', async (_what, lies) => {
      const person = await withKey();
      expect(await signIn(person.phone, person.key, lies)).toMatchObject(REFUSED);
      expect(stage.node.refusals.at(-1)).toBe('sign_in');
      const made = createSoftwareAuthenticator(HOME).create({ challenge: await begin(person.token), ...lies });
      expect(await finish(person.token, made)).toMatchObject({ status: 403, body: { code: 'passkey_refused' } });
      expect(stage.node.refusals.at(-1)).toBe('enrolment');
      expect((await signIn(person.phone, person.key)).status).toBe(200);
    });

    test('a challenge once, and none that is five minutes old', async () => {
      const { phone, key } = await withKey();
      const challenge = await arrive(phone);
      const passkey = key.get({ challenge: await askKey(challenge) });
      const answers = await Promise.all(
        [stage.first, stage.second].map((server) => stage.answer(challenge, { passkey }, server)),
      );
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
      const next = await arrive(phone);
      expect(await stage.answer(next, { passkey })).toMatchObject(REFUSED);
      await askKey(next);
      expect(await stage.answer(next, { passkey })).toMatchObject(REFUSED);

      const { phone: other, token, key: otherKey } = await withKey();
      const begun = await begin(token);
      const asked = await ask('POST', `${AUTH}/step-up/passkey`, { token });
      stage.node.clock.advance(CHALLENGE_MS);
      expect((await finish(token, createSoftwareAuthenticator(HOME).create({ challenge: begun }))).status).toBe(403);
      const late = otherKey.get({ challenge: stage.textOf(asked, 'challenge') });
      expect((await stage.stepUp(token, { passkey: late })).status).toBe(403);
      expect((await signIn(other, otherKey)).status).toBe(200);
    });

    test('the newest challenge of an occasion alone, and that of no other occasion', async () => {
      const { phone, token, key } = await withKey();
      const challenge = await arrive(phone);
      const older = key.get({ challenge: await askKey(challenge) });
      await askKey(challenge);
      expect(await stage.answer(challenge, { passkey: older })).toMatchObject(REFUSED);
      const asked = await ask('POST', `${AUTH}/step-up/passkey`, { token });
      const forStepUp = key.get({ challenge: stage.textOf(asked, 'challenge') });
      expect(await stage.answer(challenge, { passkey: forStepUp })).toMatchObject(REFUSED);
      expect((await stage.stepUp(token, { passkey: forStepUp })).status).toBe(200);
      const unasked = await ask('POST', `${AUTH}/login/second-factor/passkey`, { body: { challenge: 'x'.repeat(43) } });
      expect(unasked).toMatchObject({ status: 401, body: { code: 'challenge_over' } });
    });

    test('for another account are refused, and no account takes the credential of another', async () => {
      const [mine, theirs] = [await withKey(), await withKey()];
      expect(await signIn(mine.phone, theirs.key)).toMatchObject(REFUSED);
      const again = theirs.key.create({ challenge: await begin(mine.token) });
      expect(await finish(mine.token, again)).toMatchObject({ status: 409, body: { code: 'passkey_exists' } });
      const foreign = mine.key.create({ challenge: await begin(theirs.token) });
      expect((await finish(mine.token, foreign)).status).toBe(403);
      expect(await ask('DELETE', `${PASSKEYS}/${theirs.passkeyId}`, { token: mine.token })).toMatchObject({
        status: 404,
        body: { code: 'passkey_not_found' },
      });
    });

    test('with a counter that fell back are refused, which is written down and told', async () => {
      const { userId, phone, key, passkeyId } = await withKey();
      await stage.makeStaff(userId);
      key.setCounter(41);
      expect((await signIn(phone, key)).status).toBe(200);
      key.setCounter(41);
      expect(await signIn(phone, key)).toMatchObject(REFUSED);
      key.setCounter(0);
      expect(await signIn(phone, key)).toMatchObject(REFUSED);
      const refused = { type: 'PasskeyRefused', actor: `user:${userId}`, passkeyId, why: 'staff' };
      expect((await trailOf(userId)).slice(-2)).toEqual([refused, refused]);
      expect(toldTo(userId).filter((notice) => notice === 'passkey_copied')).toHaveLength(2);
      key.setCounter(42);
      expect((await signIn(phone, key)).status).toBe(200);
    });
  });

  test('that bring certificates of their maker are refused unread, and those without a name', async () => {
    const { token } = await withKey();
    const key = createSoftwareAuthenticator(HOME);
    const certificates = new Map([['x5c', new Map()]]);
    for (const format of ['packed', 'apple', 'tpm']) {
      const made = key.create({ challenge: await begin(token) }, { format, said: certificates });
      expect(await finish(token, made)).toMatchObject({ status: 403, body: { code: 'passkey_refused' } });
    }
    const nameless = await finish(token, key.create({ challenge: await begin(token) }), '  ');
    expect(nameless).toMatchObject({ status: 400, body: { errors: [{ path: 'name' }] } });
    expect((await finish(token, key.create({ challenge: await begin(token) }), ' A key ')).body).toMatchObject({
      passkey: { name: 'A key' },
    });
  });

  test('are ten at most, and what is kept of them is sealed', async () => {
    let person: Awaited<ReturnType<typeof withKey>> = await withKey();
    for (let number = 1; number < 10; number += 1) {
      const next = await add(person);
      expect(next.recoveryCodes).toEqual([]);
      person = { ...next, recoveryCodes: person.recoveryCodes };
    }
    expect(await ask('POST', `${PASSKEYS}/challenge`, { token: person.token })).toMatchObject({
      status: 409,
      body: { code: 'too_many_passkeys' },
    });
    const kept = JSON.stringify(await stage.node.owner.rows(SEALED, [person.userId]));
    for (const text of [person.key.credentialId, 'Менин']) expect(kept).not.toContain(text);
  });

  test('go one by one, the recovery codes and the second factor of the session with the last', async () => {
    const one = await withKey();
    const two = await add(one);
    const remove = (id: string, token: string) => ask('DELETE', `${PASSKEYS}/${id}`, { token });
    expect((await remove(one.passkeyId, two.token)).status).toBe(204);
    expect(await signIn(one.phone, one.key)).toMatchObject(REFUSED);
    expect((await stateOf(two.token)).body).toMatchObject({ factors: ['passkey'], recovery_codes_left: 10 });
    expect((await remove(two.passkeyId, two.token)).status).toBe(204);
    expect((await stateOf(two.token)).body).toMatchObject({ factors: [], recovery_codes_left: 0 });
    expect((await stage.login(one.phone)).status).toBe(200);
    expect((await trailOf(one.userId)).map(({ type }) => type)).toEqual([
      'SecondFactorEnrolled',
      'SecondFactorEnrolled',
      'SecondFactorRemoved',
      'SecondFactorRemoved',
    ]);
    expect(toldTo(one.userId).filter((notice) => notice === 'factor_removed')).toHaveLength(2);
  });

  test('stand beside an app, either of which is enough, and outlast it', async () => {
    const { app, ...person } = await stage.enrolled();
    const { phone, token, key, recoveryCodes } = await add(person);
    expect(recoveryCodes).toEqual([]);
    const challenge = await arrive(phone, ['totp', 'passkey']);
    expect((await stage.answer(challenge, { code: app.code() })).status).toBe(200);
    const next = await arrive(phone, ['totp', 'passkey']);
    const passkey = key.get({ challenge: await askKey(next) });
    expect(await stage.answer(next, { passkey, code: app.code(1) })).toMatchObject({ status: 400 });
    expect((await stage.answer(next, { passkey })).status).toBe(200);
    expect((await ask('DELETE', `${AUTH}/second-factor/totp`, { token })).status).toBe(204);
    expect((await stateOf(token)).body).toMatchObject({ factors: ['passkey'], recovery_codes_left: 10 });
    expect((await signIn(phone, key)).status).toBe(200);
  });

  test('go with a reset and with the account', async () => {
    const meta = { actor: 'system', correlationId: 'test' };
    const lost = await withKey();
    await begin(lost.token);
    expect(await stage.modules[0].resetFactors(lost.userId, meta)).toMatchObject({ ok: true });
    const nothing = [{ passkeys: 0, challenges: 0, codes: 0 }];
    expect(await stage.node.owner.rows(KEPT, [lost.userId])).toEqual(nothing);
    expect((await trailOf(lost.userId)).at(-1)).toMatchObject({ type: 'SecondFactorReset', actor: 'system' });
    const closed = await withKey();
    await begin(closed.token);
    await stage.modules[0].closeAccount(closed.userId);
    expect(await stage.node.owner.rows(KEPT, [closed.userId])).toEqual(nothing);
  });
});
