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

/** People of every role at the own park, a device there, and in both parks one thing of every kind that staff reach by its id. */
export async function makeWorld({ app, url }: TestApi): Promise<World> {
  const { auth } = app.modules;
  const meta = { actor: 'system', correlationId: 'contract' };
  for (const parkId of [OWN, OTHER]) await openSmallPark(app, parkId, 500);
  const logins = new Map<string, { readonly phone: string; readonly password: string }>();

  async function signIn(name: Caller['name']): Promise<string> {
    const login = logins.get(name);
    assert(login, `${name} cannot sign in`);
    const signedIn = await auth.login(login.phone, login.password);
    assert(signedIn.ok, `${name} was not signed in`);
    return signedIn.value.tokens.accessToken;
  }

  async function person(name: Caller['name'], role: RoleAtPark | null): Promise<Caller> {
    const login = {
      phone: `+99655577${String(logins.size).padStart(4, '0')}`,
      password: randomBytes(12).toString('hex'),
    };
    const account = { ...login, name, email: null, language: 'en', correlationId: 'contract' } as const;
    const registered = await auth.register(account);
    assert(registered.ok, `${name} was not registered`);
    const { userId } = registered.value.account;
    if (role !== null && role.role !== 'guest') await auth.grantRole({ ...role, role: role.role, userId }, meta);
    logins.set(name, login);
    return { name, token: await signIn(name), roles: role === null ? [] : [role] };
  }

  const guest = await person('guest', null);
  const gate = await person('gate', { role: 'gate', parkId: OWN });
  const manager = await person('manager', { role: 'manager', parkId: OWN });
  const finance = await person('finance', { role: 'finance', parkId: OWN });
  const admin = await person('admin', { role: 'admin', parkId: null });

  const asAdmin = (path: string, body: unknown) =>
    call(url, 'POST', `/api/v1${path}`, { token: admin.token, body, headers: { 'idempotency-key': randomUUID() } });

  async function invitedDevice(parkId: string): Promise<{ readonly id: string; readonly code: string }> {
    const { json } = await asAdmin('/admin/devices', { park_id: parkId });
    return { id: textOf(json?.['id']), code: textOf(json?.['code']) };
  }

  async function device(): Promise<Caller> {
    const { code } = await invitedDevice(OWN);
    const enrolled = await call(url, 'POST', '/api/v1/gate/devices/enroll', { body: { code, name: 'North gate' } });
    return { name: 'device', token: textOf(enrolled.json?.['credential']), roles: [{ role: 'gate', parkId: OWN }] };
  }

  async function resourcesIn(parkId: string): Promise<Readonly<Record<Resource, string>>> {
    const shift = await asAdmin('/gate/shifts', { park_id: parkId, float: '1000.00' });
    const sale = { park_id: parkId, children: [{ age: 5 }], adults: 0, method: 'cash' };
    const sold = await asAdmin('/gate/sales', sale);
    const payment = sold.json?.['payment'];
    const pass = await asAdmin('/passes', {
      phone: logins.get('guest')?.phone,
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
      device: (await invitedDevice(parkId)).id,
      shift: textOf(shift.json?.['id']),
      pass: textOf(pass.json?.['id']),
    };
  }

  const resources = { own: await resourcesIn(OWN), other: await resourcesIn(OTHER) };
  return {
    url,
    callers: [{ name: 'anonymous', token: null, roles: [] }, guest, gate, manager, finance, admin, await device()],
    resources,
    renewed: async (caller) => (logins.has(caller.name) ? { ...caller, token: await signIn(caller.name) } : caller),
  };
}
