import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import type { Route } from '../../src/infrastructure/http/route.ts';
import { documentedRoutes } from '../../src/main/documented-routes.ts';
import { bodyOf } from '../../tools/demo/answered.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import {
  createCleanUp,
  localSettings,
  startTestApi,
  startTestSandbox,
  temporaryDataDir,
  type TestApi,
} from '../support/product.ts';
import { createSoftwareAuthenticator } from '../support/software-authenticator.ts';
import { requestOf } from './contract-requests.ts';
import { call, makeWorld, OWN, type Caller, type World } from './contract-world.ts';
import { newGuest, openSmallPark, order, type Guest } from './guests.ts';

const DAY = '2026-12-05';
/** So small that one ticket fills it. */
const SMALL = 'naryn';

type Owned = 'ticket' | 'payment' | 'child' | 'pass' | 'entry' | 'session' | 'passkey';

/** What of a guest stands behind the id of each route for people who are signed in. */
const OWNED: Readonly<Record<string, Owned>> = {
  endSession: 'session',
  getChild: 'child',
  changeChild: 'child',
  removeChild: 'child',
  storeChildPhoto: 'child',
  getChildPhoto: 'child',
  removeChildPhoto: 'child',
  removePasskey: 'passkey',
  getTicket: 'ticket',
  getTicketQr: 'ticket',
  getReceipt: 'ticket',
  cancelTicket: 'ticket',
  moveTicket: 'ticket',
  listTicketPayments: 'ticket',
  getPass: 'pass',
  getPayment: 'payment',
  getWaitlistEntry: 'entry',
  leaveWaitlist: 'entry',
  acceptOffer: 'entry',
  // There is no cash register here; the ids of receipts are those of payments and refunds.
  getFiscalReceiptQr: 'payment',
};

const clock = createManualClock(Date.parse('2026-12-01T06:00:00Z'));

const tokenOf = async (url: string, { login }: Guest): Promise<string> => {
  const { json } = await call(url, 'POST', '/api/v1/auth/login', { body: login });
  return String(json?.['access_token']);
};

/** One thing of every kind that a guest can have. */
async function belongingsOf(guest: Guest, token: string, world: World): Promise<Readonly<Record<Owned, string>>> {
  const { url } = world;
  const admin = world.callers.find(({ name }) => name === 'admin')?.token ?? null;
  const ask = async (method: string, path: string, body?: unknown, by: string | null = token) => {
    const headers = { 'idempotency-key': randomUUID() };
    const { status, json } = await call(url, method, `/api/v1${path}`, { token: by, body, headers });
    expect([path, status]).toEqual([path, method === 'POST' ? 201 : 200]);
    return json ?? {};
  };
  const ticket = bodyOf('ticket', 201, await order(guest, { parkId: OWN, date: DAY, children: 2 }));
  bodyOf('ticket', 201, await order(guest, { parkId: SMALL, date: DAY, children: 1 }));
  const { id: child } = await ask('POST', '/users/me/children', { name: 'Темирлан', birth_date: '2019-07-19' });
  const picture = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#369' } })
    .png()
    .toBuffer();
  const stored = await fetch(`${url}/api/v1/users/me/children/${String(child)}/photo`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
    body: new Uint8Array(picture),
  });
  expect(stored.status).toBe(204);
  const pass = {
    user_id: guest.userId,
    park_ids: [OWN],
    valid_from: '2026-12-01',
    valid_to: '2027-02-28',
    visits: 10,
    people: 2,
    price: '3000.00',
    payment_reference: 'receipt 17',
  };
  const waiting = { park_id: SMALL, visit_date: DAY, children: [{ name: 'Aibek', age: 5 }] };
  const sessions = await ask('GET', '/auth/sessions');
  const invited = await ask('POST', '/auth/second-factor/passkeys/challenge');
  const { passkey_origin: origin } = await ask('GET', '/auth/second-factor');
  const key = createSoftwareAuthenticator({ rpId: String(invited['rp_id']), origin: String(origin) });
  const made = { name: 'A key', ...key.create({ challenge: String(invited['challenge']) }) };
  const { passkey } = await ask('POST', '/auth/second-factor/passkeys', made);
  return {
    ticket: ticket.id,
    payment: String((await ask('POST', '/payments', { ticket_id: ticket.id, method: 'elqr' }))['id']),
    child: String(child),
    pass: String((await ask('POST', '/passes', pass, admin))['id']),
    entry: String((await ask('POST', '/waitlist', waiting))['id']),
    session: String((sessions['items'] as { id: string }[])[0]?.id),
    passkey: (passkey as { id: string }).id,
  };
}

describeWithDatabase('ids that somebody guesses', () => {
  const { later, run } = createCleanUp();
  let api: TestApi;
  let world: World;
  let routes: readonly Route[];
  let owner: Caller;
  let stranger: Caller;
  let belongings: Readonly<Record<Owned, string>>;

  beforeAll(async () => {
    const database = await createTestDatabase();
    later(() => database.drop());
    const dataDir = await temporaryDataDir(later);
    api = await startTestApi(await localSettings(dataDir, { DATABASE_URL: database.url }), clock, later);
    await startTestSandbox(api, later);
    world = await makeWorld(api);
    await openSmallPark(api.app, SMALL, 1);
    const [guest, other] = [await newGuest(api.url), await newGuest(api.url)];
    owner = { name: 'guest', token: await tokenOf(api.url, guest), roles: [] };
    stranger = { name: 'guest', token: await tokenOf(api.url, other), roles: [] };
    belongings = await belongingsOf(guest, owner.token ?? '', world);
    const documented = (await documentedRoutes()).routes;
    routes = documented.filter(({ access, url }) => access.kind === 'user' && url.includes('/:id'));
  });
  afterAll(run);

  /** Status and code of an answer, and what it says besides of the thing. */
  async function ask(route: Route, caller: Caller, id: string) {
    const { path, init } = requestOf(route, caller, 'none', world);
    const query = path.includes('?') ? path.slice(path.indexOf('?')) : '';
    const answer = await fetch(`${api.url}${route.url.replace(':id', id)}${query}`, init);
    const text = await answer.text();
    const isProblem = (answer.headers.get('content-type') ?? '').startsWith('application/problem+json');
    const {
      request_id: _id,
      instance: _instance,
      ...rest
    } = (isProblem ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: answer.status, text, rest };
  }

  test('every route with an id says whose thing it is', () => {
    expect(routes.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(OWNED).toSorted());
  });

  test('of a thing of somebody else every route says what it says of one that nobody has', async () => {
    const open: string[] = [];
    for (const route of routes) {
      const id = belongings[OWNED[route.operationId] ?? 'ticket'];
      const foreign = await ask(route, stranger, id);
      const nobodys = await ask(route, stranger, randomUUID());
      const says = JSON.stringify([foreign, nobodys].map(({ status, rest }) => [status, rest]));
      // A picture that no reader takes is refused before anybody looks whose child it is.
      const expected = route.operationId === 'storeChildPhoto' ? [404, 400] : [404];
      const isSame = JSON.stringify(foreign.rest) === JSON.stringify(nobodys.rest);
      if (!isSame || !expected.includes(foreign.status)) open.push(`${route.operationId}: ${says}`);
      for (const secret of Object.values(belongings)) {
        if (secret !== id && foreign.text.includes(secret)) open.push(`${route.operationId} tells ${secret}`);
      }
    }
    expect(open).toEqual([]);
  });

  test('its owner reaches each of them all the while: nothing was changed by the others', async () => {
    const reached: unknown[] = [];
    for (const operationId of ['getTicket', 'getChild', 'getChildPhoto', 'getPass', 'getPayment', 'getWaitlistEntry']) {
      const route = routes.find((one) => one.operationId === operationId);
      if (route !== undefined) {
        const { status } = await ask(route, owner, belongings[OWNED[operationId] ?? 'ticket']);
        reached.push([operationId, status]);
      }
    }
    expect(reached.filter((one) => !(one as [string, number]).includes(200))).toEqual([]);
    expect(reached).toHaveLength(6);
  });

  test('ids are no sequence: those of things that were made one after the other share no end', async () => {
    const { json: one } = await call(api.url, 'GET', `/api/v1/tickets/${belongings.ticket}`, { token: owner.token });
    const ids = [belongings.ticket, belongings.payment, belongings.pass, belongings.entry];
    expect(String(one?.['id'])).toBe(belongings.ticket);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[457][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids.map((id) => id.slice(-12))).size).toBe(ids.length);
  });
});
