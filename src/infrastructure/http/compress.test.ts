import { gunzipSync } from 'node:zlib';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { startFixture } from './http-fixture.ts';
import { defineRoute, type Route } from './route.ts';

const LIST = Array.from({ length: 200 }, () => 'алма');

const listRoute = (path: string, headers: Readonly<Record<string, string>>, items = LIST): Route =>
  defineRoute({
    method: 'GET',
    path,
    operationId: `list${path.slice(1)}`,
    summary: 'List',
    tag: 'Things',
    access: { kind: 'public' },
    responses: { 200: { description: 'All.', schema: Type.Array(Type.String()), example: [] } },
    problems: [],
    handle: async () => ({ status: 200, headers, body: items }),
  });

const routes = [
  listRoute('/long', { vary: 'Accept-Language' }),
  listRoute('/short', {}, ['алма']),
  listRoute('/edited', { etag: '"7"' }),
];

test('a long list is compressed for whoever takes it so, and is the same list', async () => {
  const { app } = await startFixture({ routes });
  const get = (encoding?: string) =>
    app.inject({ url: '/api/v1/long', headers: encoding === undefined ? {} : { 'accept-encoding': encoding } });
  for (const encoding of ['gzip', 'br, gzip;q=0.5', 'deflate, *', 'GZIP ; q=1']) {
    const { headers, rawPayload } = await get(encoding);
    expect(headers, encoding).toMatchObject({
      'content-encoding': 'gzip',
      'content-length': String(rawPayload.length),
      vary: 'Accept-Language, Accept-Encoding',
    });
    expect(JSON.parse(gunzipSync(rawPayload).toString())).toEqual(LIST);
    expect(rawPayload.length).toBeLessThan(200);
  }
  for (const encoding of [undefined, '', 'br', 'gzip;q=0', 'gzip; q=0.000', 'identity', 'xgzip']) {
    const { headers, body } = await get(encoding);
    expect(headers['content-encoding'], encoding).toBeUndefined();
    expect(headers.vary).toBe('Accept-Language, Accept-Encoding');
    expect(JSON.parse(body)).toEqual(LIST);
  }
});

test('what is short, and what is edited by its strong tag, is sent as it is', async () => {
  const { app } = await startFixture({ routes });
  const encodingOf = async (url: string) =>
    (await app.inject({ url: `/api/v1${url}`, headers: { 'accept-encoding': 'gzip' } })).headers['content-encoding'];
  expect([await encodingOf('/short'), await encodingOf('/edited')]).toEqual([undefined, undefined]);
});
