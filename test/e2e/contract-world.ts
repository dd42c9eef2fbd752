import { randomBytes, randomUUID } from 'node:crypto';
import { assert } from '../../src/kernel/assert.ts';
import type { RoleAtPark } from '../../src/infrastructure/http/access.ts';
import { isRecord } from '../../src/infrastructure/http/json-schema.ts';
import type { TestApi } from '../support/product.ts';
import { openSmallPark } from './guests.ts';

/** The park that the staff of this world work at, and one where they do not. */
export const OWN = 'ala-archa';
export const OTHER = 'asanbay';
export type Place = 'own' | 'other' | 'none';

/** Somebody who calls; `token` null is nobody in particular. */
export type Caller = {
  readonly name: 'anonymous' | 'guest' | 'gate' | 'manager' | 'finance' | 'admin' | 'device';
  readonly token: string | null;
  readonly roles: readonly RoleAtPark[];
};

/** Things that staff of a park reach by their ids. */
export type Resource = 'ticket' | 'payment' | 'device' | 'shift' | 'pass';
export type World = {
  readonly url: string;
  readonly callers: readonly Caller[];
  /** Ids of things that stand in a park. */
  readonly resources: Readonly<Record<'own' | 'other', Readonly<Record<Resource, string>>>>;
  /** The same caller with a new session, for routes that end one. */
  renewed(caller: Caller): Promise<Caller>;
};

export async function call(
  url: string,
  method: string,
  path: string,
  more: { readonly token?: string | null; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
) {
  const { token = null, body, headers = {} } = more;
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json: unknown = /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : null;
  return { status: answer.status, json: isRecord(json) ? json : null };
}

const textOf = (value: unknown): string => {
  assert(typeof value === 'string', `a text was expected, not ${String(value)}`);
  return value;
};

type Login = { readonly phone: string; readonly password: string };
type Auth = TestApi['app']['modules']['auth'];

async function signIn(auth: Auth, { phone, password }: Login): Promise<string> {
  const signedIn = await auth.login(phone, password);
  assert(signedIn.ok && 'tokens' in signedIn.value, `${phone} was not signed in`);
  return signedIn.value.tokens.accessToken;
}

const PEOPLE: readonly (readonly [Caller['name'], RoleAtPark | null])[] = [
  ['guest', null],
  ['gate', { role: 'gate', parkId: OWN }],
  ['manager', { role: 'manager', parkId: OWN }],
  ['finance', { role: 'finance', parkId: OWN }],
  ['admin', { role: 'admin', parkId: null }],
];

type Person = Caller & { readonly login: Login };

/** One account a role. */
async function makePeople(auth: Auth): Promise<readonly Person[]> {
  const meta = { actor: 'system', correlationId: 'contract' };
  const people: Person[] = [];
  for (const [index, [name, role]] of PEOPLE.entries()) {
    const login = { phone: `+99655577000${index}`, password: randomBytes(12).toString('hex') };
    const account = { ...login, name, email: null, language: 'en', correlationId: 'contract' } as const;
    const registered = await auth.register(account);
    assert(registered.ok, `${name} was not registered`);
    const { userId } = registered.value.account;
    await auth.vouchForPhone(userId, meta);
    if (role !== null && role.role !== 'guest') await auth.grantRole({ ...role, role: role.role, userId }, meta);
    people.push({ name, login, token: await signIn(auth, login), roles: role === null ? [] : [role] });
  }
  return people;
}

type Ask = (path: string, body: unknown) => ReturnType<typeof call>;

async function inviteDevice(asAdmin: Ask, parkId: string): Promise<{ readonly id: string; readonly code: string }> {
  const { json } = await asAdmin('/admin/devices', { park_id: parkId });
  return { id: textOf(json?.['id']), code: textOf(json?.['code']) };
}

/** One thing of every kind in a park. */
async function makeResources(asAdmin: Ask, parkId: string, guest: Login): Promise<Readonly<Record<Resource, string>>> {
  const shift = await asAdmin('/gate/shifts', { park_id: parkId, float: '1000.00' });
  const sale = { park_id: parkId, children: [{ age: 5 }], adults: 0, method: 'cash' };
  const sold = await asAdmin('/gate/sales', sale);
  const payment = sold.json?.['payment'];
  const pass = await asAdmin('/passes', {
    phone: guest.phone,
    park_ids: [parkId],
    valid_from: '2026-12-01',
    valid_to: '2027-02-28',
    visits: 10,
    people: 2,
    price: '3000.00',
    payment_reference: 'contract',
  });
  return {
    ticket: textOf(sold.json?.['id']),
    payment: textOf(isRecord(payment) ? payment['id'] : undefined),
    device: (await inviteDevice(asAdmin, parkId)).id,
    shift: textOf(shift.json?.['id']),
    pass: textOf(pass.json?.['id']),
  };
}

/** People of every role at the own park, a device there, and in both parks one thing of every kind that staff reach by its id. */
export async function makeWorld({ app, url }: TestApi): Promise<World> {
  const { auth } = app.modules;
  for (const parkId of [OWN, OTHER]) await openSmallPark(app, parkId, 500);
  const people = await makePeople(auth);
  const [guest, admin] = [people[0], people.at(-1)];
  assert(guest && admin, 'there are people');
  const asAdmin: Ask = (path, body) =>
    call(url, 'POST', `/api/v1${path}`, { token: admin.token, body, headers: { 'idempotency-key': randomUUID() } });
  const { code } = await inviteDevice(asAdmin, OWN);
  const enrolled = await call(url, 'POST', '/api/v1/gate/devices/enroll', { body: { code, name: 'North gate' } });
  const credential = textOf(enrolled.json?.['credential']);
  const device: Caller = { name: 'device', token: credential, roles: [{ role: 'gate', parkId: OWN }] };
  return {
    url,
    callers: [{ name: 'anonymous', token: null, roles: [] }, ...people, device],
    resources: {
      own: await makeResources(asAdmin, OWN, guest.login),
      other: await makeResources(asAdmin, OTHER, guest.login),
    },
    async renewed(caller) {
      const person = people.find(({ name }) => name === caller.name);
      return person === undefined ? caller : { ...caller, token: await signIn(auth, person.login) };
    },
  };
}
