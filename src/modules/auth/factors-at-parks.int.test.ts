import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import type { TestServer } from '../../../test/support/module-server.ts';
import { createSoftwareAuthenticator } from '../../../test/support/software-authenticator.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { boundless, openAuthTestNode, type AuthTestNode } from './auth.suite.ts';
import { openFactorStage, PASSWORD, type FactorStage } from './factors.suite.ts';
import type { AuthModule } from './module.ts';

const AUTH = '/api/v1/auth';
/** So many codes have failed that none of that app counts any more. */
const DIGEST = statement('test.staff-digest', 'select digest from auth.staff_list');
const LEAVE_DIGEST = statement('test.leave-staff-digest', 'update auth.staff_list set digest = $1');
const SPEND = statement(
  'test.spend-codes',
  'update auth.totp_factor set failed = 100, failed_since = store.from_ms($2) where user_id = $1',
);

describeWithDatabase('second factors at the node of a park', () => {
  let hq: FactorStage;
  let parkNode: AuthTestNode;
  let park: AuthModule;
  let server: TestServer;

  beforeAll(async () => {
    [hq, parkNode] = await Promise.all([openFactorStage(), openAuthTestNode()]);
    park = await parkNode.start({
      parkId: 'ala-archa',
      audience: 'ala-archa',
      clock: hq.node.clock,
      limiter: boundless,
      staffNeedsFactor: true,
    });
    server = await hq.open(park);
  });
  afterAll(() => Promise.all([hq?.node.close(), parkNode?.close()]));
  beforeEach(() => hq.node.clock.advance(120_000));

  const tell = async () => park.keepStaffCards?.(await hq.modules[0].staffCardsOf('ala-archa'));
  const login = (phone: string) => hq.login(phone, server);

  test('are asked for there without a network, each code once', async () => {
    const { userId, phone, app } = await hq.enrolled();
    await hq.makeStaff(userId);
    await tell();
    const challengeOf = async () => hq.textOf(await login(phone), 'challenge');
    const [one, other] = [await challengeOf(), await challengeOf()];
    const signedIn = await hq.answer(one, { code: app.code() }, server);
    expect(signedIn.status).toBe(200);
    const verified = await park.tokens.verify(hq.textOf(signedIn, 'access_token'));
    expect(verified?.roles).toContainEqual({ role: 'gate', parkId: 'ala-archa' });
    expect((await hq.answer(other, { code: app.code() }, server)).status).toBe(401);
    // Told the same again, the park has not forgotten which code was used.
    await tell();
    expect((await hq.answer(await challengeOf(), { code: app.code() }, server)).status).toBe(401);
    expect((await hq.answer(await challengeOf(), { code: app.code(1) }, server)).status).toBe(200);
  });

  test('are never passkeys there, which are bound to the address of headquarters', async () => {
    const { userId, phone, token, app } = await hq.enrolled();
    const key = createSoftwareAuthenticator({ rpId: 'localhost', origin: 'http://localhost:8080' });
    const begun = await hq.first.ask('POST', `${AUTH}/second-factor/passkeys/challenge`, { token });
    const made = { name: 'A key', ...key.create({ challenge: hq.textOf(begun, 'challenge') }) };
    const body = { ...made, transports: [] };
    expect((await hq.first.ask('POST', `${AUTH}/second-factor/passkeys`, { token, body })).status).toBe(201);
    await hq.makeStaff(userId);
    await tell();
    const asked = await login(phone);
    expect(asked).toMatchObject({ status: 202, body: { factors: ['totp'] } });
    const challenge = hq.textOf(asked, 'challenge');
    expect((await hq.answer(challenge, { passkey: key.get({ challenge }) }, server)).status).toBe(401);
    const signedIn = await hq.answer(challenge, { code: app.code() }, server);
    const state = await server.ask('GET', `${AUTH}/second-factor`, { token: hq.textOf(signedIn, 'access_token') });
    expect(state.body).toMatchObject({ factors: ['totp'], passkeys: [], passkey_origin: null });
  });

  test('take no recovery code there, and nothing is set up there', async () => {
    const { userId, phone, recoveryCodes } = await hq.enrolled();
    await hq.makeStaff(userId);
    await tell();
    const challenge = hq.textOf(await login(phone), 'challenge');
    expect((await hq.answer(challenge, { recovery_code: recoveryCodes[0] }, server)).status).toBe(401);
  });

  test('end the sessions there when they come and when they go, and duties are withheld without', async () => {
    const { userId, phone, token } = await hq.register();
    await hq.makeStaff(userId);
    await tell();
    const before = hq.textOf(await login(phone), 'access_token');
    expect((await park.tokens.verify(before))?.withheld).toBe('until_second_factor');
    const begun = await hq.first.ask('POST', `${AUTH}/second-factor/totp`, { token });
    const app = hq.appOf(hq.textOf(begun, 'secret'));
    const body = { code: app.code() };
    const confirmed = await hq.first.ask('POST', `${AUTH}/second-factor/totp/confirm`, { token, body });
    expect(confirmed.status).toBe(200);
    await tell();
    expect(await park.tokens.verify(before)).toBeNull();
    const signedIn = await hq.answer(hq.textOf(await login(phone), 'challenge'), { code: app.code() }, server);
    const after = hq.textOf(signedIn, 'access_token');
    const fresh = hq.textOf(confirmed, 'access_token');
    expect((await hq.first.ask('DELETE', `${AUTH}/second-factor/totp`, { token: fresh })).status).toBe(204);
    await tell();
    expect(await park.tokens.verify(after)).toBeNull();
    expect((await login(phone)).status).toBe(200);
  });

  test('end the sessions there when another app takes the place of one, and not when the same is told again', async () => {
    const { userId, phone, token, app } = await hq.enrolled();
    await hq.makeStaff(userId);
    await tell();
    const signedIn = await hq.answer(hq.textOf(await login(phone), 'challenge'), { code: app.code() }, server);
    const before = hq.textOf(signedIn, 'access_token');
    await tell();
    expect((await park.tokens.verify(before))?.roles).toContainEqual({ role: 'gate', parkId: 'ala-archa' });
    expect((await hq.first.ask('DELETE', `${AUTH}/second-factor/totp`, { token })).status).toBe(204);
    const begun = await hq.first.ask('POST', `${AUTH}/second-factor/totp`, { token });
    const next = hq.appOf(hq.textOf(begun, 'secret'));
    const body = { code: next.code() };
    expect((await hq.first.ask('POST', `${AUTH}/second-factor/totp/confirm`, { token, body })).status).toBe(200);
    await parkNode.owner.rows(SPEND, [userId, hq.node.clock.now()]);
    await tell();
    expect(await park.tokens.verify(before)).toBeNull();
    hq.node.clock.advance(60_000);
    const challenge = hq.textOf(await login(phone), 'challenge');
    expect((await hq.answer(challenge, { code: app.code() }, server)).status).toBe(401);
    expect((await hq.answer(challenge, { code: next.code() }, server)).status).toBe(200);
  });

  test('stay as they are where headquarters goes back to a program that knows of none, and go with their owner', async () => {
    const { userId, phone, app } = await hq.enrolled();
    await hq.makeStaff(userId);
    await tell();
    const signedIn = await hq.answer(hq.textOf(await login(phone), 'challenge'), { code: app.code() }, server);
    const before = hq.textOf(signedIn, 'access_token');
    const { version, cards } = await hq.modules[0].staffCardsOf('ala-archa');
    const older = cards.map(({ totpSecret: _untold, ...card }) => card);
    expect(await park.keepStaffCards?.({ version, cards: older })).toBe(true);
    expect((await park.tokens.verify(before))?.roles).toContainEqual({ role: 'gate', parkId: 'ala-archa' });
    const challenge = hq.textOf(await login(phone), 'challenge');
    expect((await hq.answer(challenge, { code: app.code(1) }, server)).status).toBe(200);
    await park.keepStaffCards?.({ version, cards: [] });
    await park.keepStaffCards?.({ version, cards: older });
    expect((await login(phone)).status).toBe(200);
  });

  test('are proved again there', async () => {
    const { userId, phone, app } = await hq.enrolled();
    await hq.makeStaff(userId);
    await tell();
    const signedIn = await hq.answer(hq.textOf(await login(phone), 'challenge'), { code: app.code() }, server);
    const token = hq.textOf(signedIn, 'access_token');
    const prove = (proof: object) =>
      server.ask('POST', `${AUTH}/step-up`, { token, body: { password: PASSWORD, ...proof } });
    expect((await prove({})).status).toBe(403);
    expect((await prove({ code: app.code(1) })).status).toBe(200);
  });

  test('go with whoever is dismissed, also after a program that keeps lists without a digest', async () => {
    const { userId, phone } = await hq.enrolled();
    await hq.makeStaff(userId);
    const { version, cards } = await hq.modules[0].staffCardsOf('ala-archa');
    const later = (positions: number) => ({ ...version, position: version.position + positions });
    const others = cards.filter((card) => card.userId !== userId);
    await park.keepStaffCards?.({ version, cards: others });
    const [kept] = await parkNode.owner.rows<{ readonly digest: string }>(DIGEST);
    await park.keepStaffCards?.({ version: later(1), cards });
    expect((await login(phone)).status).toBe(202);
    await parkNode.owner.rows(LEAVE_DIGEST, [kept?.digest ?? '']);
    expect(await park.keepStaffCards?.({ version: later(2), cards: others })).toBe(true);
    expect((await login(phone)).status).toBe(401);
  });
});
