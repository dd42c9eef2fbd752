import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { serve } from '../../../test/support/module-server.ts';
import { openAuthTestNode, type AuthTestNode } from './auth.suite.ts';
import type { AuthModule } from './module.ts';

const META = { actor: 'system', correlationId: 'test' };
const HOUR_MS = 3_600_000;
const PARK = 'ala-archa';

describeWithDatabase('what changes while a clock is set back is seen when it is right again, by every process', () => {
  let [hq, parkNode]: AuthTestNode[] = [];
  let [here, there]: AuthModule[] = [];
  let [park, otherPark]: AuthModule[] = [];
  let lastNumber = 100_000;

  beforeAll(async () => {
    const both = await Promise.all([openAuthTestNode(), openAuthTestNode()]);
    [hq, parkNode] = both;
    [here, there] = [await both[0].start(), await both[0].start()];
    const atPark = { parkId: PARK, audience: PARK, clock: both[0].clock };
    [park, otherPark] = [await both[1].start(atPark), await both[1].start(atPark)];
  });
  afterAll(() => Promise.all([hq?.close(), parkNode?.close()]));

  /** Does something an hour ago, and is back a minute after that began. */
  async function setBack(work: () => Promise<unknown>): Promise<void> {
    hq?.clock.advance(-HOUR_MS);
    await work();
    hq?.clock.advance(HOUR_MS + 60_000);
  }
  async function register() {
    const phone = `+996555${(lastNumber += 1)}`;
    const words = { name: 'Бек', email: null, password: 'correct horse', correlationId: 'test' };
    const done = await here?.register({ ...words, phone, language: 'ky' });
    if (done?.ok !== true) throw new Error('nobody is registered');
    const { account, tokens } = done.value;
    return { userId: account.userId, phone, token: tokens.accessToken };
  }
  const signIn = async (at: AuthModule | undefined, phone: string): Promise<string> => {
    const done = await at?.login(phone, 'correct horse');
    return done?.ok === true && 'tokens' in done.value ? done.value.tokens.accessToken : 'no token';
  };
  const rolesOf = async (at: AuthModule | undefined, token: string) =>
    (await at?.tokens.verify(token))?.roles.map(({ role }) => role);

  test('the end of a session', async () => {
    const { userId, token } = await register();
    expect(await rolesOf(there, token)).toEqual(['guest']);
    await setBack(async () => here?.signOut(userId, META));
    expect(await rolesOf(there, token)).toBeUndefined();
  });

  test('a password that was set anew by SMS', async () => {
    if (hq === undefined || here === undefined) throw new Error('no headquarters');
    const { userId, phone, token } = await register();
    await here.vouchForPhone(userId, META);
    const server = await serve(here.routes, here.tokens, hq.clock, here.isFresh);
    const ask = (path: string, body: object) => server.ask('POST', `/api/v1/auth/${path}`, { body });
    expect(await rolesOf(there, token)).toEqual(['guest']);
    await setBack(async () => {
      await ask('otp', { phone, purpose: 'reset' });
      const shown = await ask('otp/verify', { phone, purpose: 'reset', code: hq?.sent.at(-1)?.code });
      const reset = { reset_token: shown.body['reset_token'], new_password: 'seven yaks in the snow' };
      expect((await ask('password/reset', reset)).status).toBe(204);
    });
    expect(await rolesOf(there, token)).toBeUndefined();
  });

  test('the end of a session that went on while the clock was set back', async () => {
    const { userId, phone, token } = await register();
    await setBack(async () => {
      await signIn(here, phone);
      await here?.signOut(userId, META);
    });
    expect(await rolesOf(there, token)).toBeUndefined();
  });

  test('a role that was taken away', async () => {
    const { userId, phone } = await register();
    const role = { userId, role: 'manager', parkId: PARK } as const;
    await here?.grantRole(role, META);
    hq?.clock.advance(HOUR_MS);
    const token = await signIn(here, phone);
    expect(await rolesOf(there, token)).toEqual(['guest', 'manager']);
    await setBack(async () => here?.revokeRole(role, META));
    expect(await rolesOf(there, token)).toEqual(['guest']);
  });

  test('at a park, another role on its list and a card that is gone', async () => {
    const { userId, phone } = await register();
    await here?.grantRole({ userId, role: 'gate', parkId: PARK }, META);
    const list = await here?.staffCardsOf(PARK);
    if (list === undefined) throw new Error('no list');
    await park?.keepStaffCards?.(list);
    const token = await signIn(park, phone);
    expect(await rolesOf(otherPark, token)).toEqual(['guest', 'gate']);
    const cards = list.cards.map((card) => ({ ...card, roles: ['finance'] as const }));
    await setBack(async () => park?.keepStaffCards?.({ ...list, cards }));
    expect(await rolesOf(otherPark, token)).toEqual(['guest', 'finance']);
    await setBack(async () => park?.keepStaffCards?.({ ...list, cards: [] }));
    expect(await rolesOf(otherPark, token)).toBeUndefined();
  });
});
