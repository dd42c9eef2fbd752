import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSkyParkClient } from '../../clients/typescript/client.ts';
import { systemClock } from '../../src/infrastructure/clock.ts';
import { addDays } from '../../src/kernel/time.ts';
import { bodyOf, codeOf, eventually } from '../../tools/demo/answered.ts';
import { registerFamily, verifyPhone } from '../../tools/demo/new-family.ts';
import { Session } from '../../tools/demo/session.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { createCleanUp, localSettings, startTestApi, temporaryDataDir, type TestApi } from '../support/product.ts';
import { newGuest, openSmallPark, order, patience, type Guest } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

const date = addDays(new Date().toISOString().slice(0, 10), 3);
const META = { actor: 'system', correlationId: 'test' } as const;
/** What every code is in a demonstration. */
const code = '000000';

describeWithDatabase('a number that nobody proved', () => {
  const { later, run } = createCleanUp();
  let databaseUrl: string;
  let here: TestApi;
  let there: TestApi;

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    databaseUrl = database.url;
    const dataDir = await temporaryDataDir(later);
    const shared = { DATABASE_URL: database.url, PUBLIC_URL: 'http://skypark.test', SKYPARK_MODE: 'demo' };
    here = await startTestApi(await localSettings(dataDir, shared), systemClock, later);
    there = await startTestApi(await localSettings(dataDir, shared), systemClock, later);
    await openSmallPark(here.app, 'small', 50);
    await openSmallPark(here.app, 'free', 50, '0.00');
  });
  afterAll(run);

  /** Neither duties nor a pass that was paid for. */
  async function expectNothingFromStaff({ userId, login }: Guest): Promise<void> {
    const { modules } = here.app;
    const admin = await newGuest(here.url);
    await modules.auth.grantRole({ userId: admin.userId, role: 'admin', parkId: null }, META);
    const { client } = admin.session;
    const path = { id: userId };
    const given = await client.PUT('/api/v1/admin/users/{id}/roles', {
      params: { path },
      body: { roles: [{ role: 'gate', park_id: 'small' }] },
    });
    expect([given.response.status, codeOf(given.error)]).toEqual([409, 'number_unproven']);
    const terms = { park_ids: ['small'], valid_from: date, valid_to: date, visits: 10, people: 4 };
    const body = { ...terms, phone: login.phone, price: '3000.00', payment_reference: 'receipt 17' };
    const params = { header: { 'Idempotency-Key': randomUUID() } };
    const sold = await client.POST('/api/v1/passes', { params, body });
    expect([sold.response.status, codeOf(sold.error)]).toEqual([409, 'number_unproven']);
  }

  test('pays for nothing, and goes to whoever proves it, who sees nothing of the account that had it', async () => {
    const squatter = await registerFamily(here.url, patience);
    await squatter.session.signIn();
    const { client } = squatter.session;
    const params = () => ({ header: { 'Idempotency-Key': randomUUID() } });
    const child = { name: 'Алина', birth_date: '2020-03-01' };
    bodyOf('child', 201, await client.POST('/api/v1/users/me/children', { params: params(), body: child }));
    const ticket = bodyOf('ticket', 201, await order(squatter, { parkId: 'small', date }));
    const pay = { ticket_id: ticket.id, method: 'elqr' } as const;
    const paid = await client.POST('/api/v1/payments', { params: params(), body: pay });
    expect([paid.response.status, codeOf(paid.error)]).toEqual([403, 'phone_not_verified']);
    const free = await order(squatter, { parkId: 'free', date });
    expect([free.response.status, codeOf(free.error)]).toEqual([403, 'phone_not_verified']);
    await expectNothingFromStaff(squatter);

    // The owner of the number, at both processes at once and for different ends: one code each.
    const { phone } = squatter.login;
    const password = 'seven yaks in the snow';
    const strangers = [here, there].map(({ url }) => createSkyParkClient({ baseUrl: url, token: () => undefined }));
    const shown = await Promise.all(
      strangers.map(async (stranger, index) => {
        const body = { phone, purpose: index === 0 ? 'login' : 'verify' } as const;
        expect((await stranger.POST('/api/v1/auth/otp', { body })).response.status).toBe(202);
        return stranger.POST('/api/v1/auth/otp/verify', { body: { ...body, code } });
      }),
    );
    // Whoever came second may find the number free already, and so no code for it.
    const answers = shown.map(({ error }) => codeOf(error));
    expect(answers).toContain('number_released');
    for (const answer of answers) expect(['number_released', 'invalid_code']).toContain(answer);

    const owner = new Session(there.url, { phone, password }, patience);
    const registered = await owner.client.POST('/api/v1/auth/register', { body: { phone, password, name: 'Бек' } });
    expect(bodyOf('register', 201, registered).user.id).not.toBe(squatter.userId);
    await owner.signIn();
    await verifyPhone({ userId: '', login: { phone, password }, session: owner });
    const children = await owner.client.GET('/api/v1/users/me/children');
    expect(bodyOf('children', 200, children).items).toEqual([]);
    const tickets = await owner.client.GET('/api/v1/tickets');
    expect(bodyOf('tickets', 200, tickets).items).toEqual([]);

    await eventually('the end of the session', 10_000, async () =>
      (await client.GET('/api/v1/users/me')).response.status === 401 ? true : null,
    );
    expect((await squatter.session.trySignIn()).response.status).toBe(401);
    await expectRulesToHold(databaseUrl);
  });
});
