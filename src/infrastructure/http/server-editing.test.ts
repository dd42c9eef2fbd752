import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Access, Principal } from './access.ts';
import { entityTag } from './entity-tag.ts';
import { PARK, send, startFixture } from './http-fixture.ts';
import type { Fixture } from './http-fixture.ts';
import { problem } from './problem.ts';
import { defineRoute } from './route.ts';
import type { Route } from './route.ts';

const VERSION = 3;

const editRoute = defineRoute({
  method: 'PUT',
  path: '/note',
  operationId: 'editNote',
  summary: 'Change a note',
  tag: 'Things',
  access: { kind: 'public' },
  editing: true,
  body: Type.Object({ text: Type.String({ maxLength: 10 }) }),
  bodyExample: { text: 'new' },
  responses: { 204: { description: 'Changed.', headers: { ETag: 'The new version' } } },
  problems: ['precondition_failed'],
  handle: async ({ ifMatch }) =>
    ifMatch === VERSION ? { status: 204, headers: { etag: entityTag(VERSION + 1) } } : problem('precondition_failed'),
});

const guarded = (path: string, access: Access): Route =>
  defineRoute({
    method: 'GET',
    path,
    operationId: `get${path.slice(1)}`,
    summary: 'Something',
    tag: 'Things',
    access,
    query: Type.Object({ park_id: Type.Optional(Type.String({ maxLength: 50 })) }),
    responses: { 200: { description: 'It.', schema: Type.Object({}), example: {} } },
    problems: [],
    handle: async () => ({ status: 200, body: {} }),
  });

const as = (kind: Principal['kind']): Principal => ({
  kind,
  userId: kind,
  sessionId: kind,
  roles: [{ role: 'gate', parkId: PARK }],
  actor: `${kind}:${kind}`,
});

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({
    routes: [
      editRoute,
      guarded('/person', { kind: 'user' }),
      guarded('/staff', { kind: 'roles', roles: ['gate'] }),
      guarded('/device', { kind: 'roles', roles: ['gate'], devices: true }),
      guarded('/here', { kind: 'roles', roles: ['gate'], devices: true, parkFrom: 'query.park_id' }),
    ],
    tokens: { verify: async (token) => (token === 'user' || token === 'device' ? as(token) : null) },
  });
});
afterAll(() => fixture.app.close());

const edit = (headers: Record<string, string>) =>
  send(fixture, { method: 'PUT', url: '/api/v1/note', body: { text: 'new' }, headers });

describe('what is edited', () => {
  test('cannot be edited without the version that was seen: 428', async () => {
    expect(await edit({})).toMatchObject({ status: 428, json: { code: 'precondition_required' } });
  });

  test('is edited by the version that was seen, and answers the next one', async () => {
    expect(await edit({ 'if-match': '"3"' })).toMatchObject({ status: 204, headers: { etag: '"4"' } });
  });

  test.each(['"2"', '"4"'])('is not edited by another version: %s is 412', async (tag) => {
    expect(await edit({ 'if-match': tag })).toMatchObject({ status: 412, json: { code: 'precondition_failed' } });
  });

  test.each(['*', 'W/"3"', '"3", "4"', '3', '"0"', '"03"', '"x"', ''])('is not edited by %j: 412', async (tag) => {
    expect((await edit({ 'if-match': tag })).status).toBe(412);
  });
});

describe('a device', () => {
  const status = async (path: string, who: string) => (await send(fixture, { url: `/api/v1${path}`, as: who })).status;

  test('is no person: 403 where any person may', async () => {
    expect([await status('/person', 'user'), await status('/person', 'device')]).toEqual([200, 403]);
  });

  test('with a role reaches only the routes that are open to devices', async () => {
    expect([await status('/staff', 'user'), await status('/staff', 'device')]).toEqual([200, 403]);
    expect([await status('/device', 'user'), await status('/device', 'device')]).toEqual([200, 200]);
  });

  test('reaches its own park only', async () => {
    expect([
      await status(`/here?park_id=${PARK}`, 'device'),
      await status('/here?park_id=elsewhere', 'device'),
      await status('/here', 'device'),
    ]).toEqual([200, 403, 403]);
  });
});
