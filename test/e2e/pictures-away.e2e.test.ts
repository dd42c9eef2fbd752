import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { statement } from '../../src/infrastructure/postgres/session.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { localSettings, startTestApi, temporaryDataDir } from '../support/product.ts';

const NOON_MS = Date.parse('2026-12-01T06:00:00Z');
const STORED = statement(
  'test.photos',
  `select count(*)::int as count from store.event where event_type = 'ChildPhotoStored'`,
);

/** A service of S3 that is always too busy. */
async function busyService(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(503).end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describeWithDatabase('while the service that keeps pictures is away', () => {
  test('a picture is refused with 503 and leaves no record, and the API is ready all the same', async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const s3 = {
      S3_ENDPOINT: await busyService(),
      S3_BUCKET: 'pictures',
      S3_ACCESS_KEY: 'us',
      S3_SECRET_KEY: 'secret',
    };
    const settings = await localSettings(await temporaryDataDir(), { DATABASE_URL: database.url, ...s3 });
    const api = await startTestApi(settings, createManualClock(NOON_MS));
    const ask = async (
      method: string,
      path: string,
      body: string | Uint8Array<ArrayBuffer> | null,
      headers: Readonly<Record<string, string>>,
    ) => {
      const answer = await fetch(`${api.url}${path}`, { method, body, headers });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const json = { 'content-type': 'application/json' };
    const account = { phone: '+996700998877', password: 'a horse of Naryn', name: 'Жибек' };
    const registered = await ask('POST', '/api/v1/auth/register', JSON.stringify(account), json);
    const authorization = `Bearer ${String(registered.body['access_token'])}`;
    const child = JSON.stringify({ name: 'Темирлан', birth_date: '2019-07-19' });
    const added = await ask('POST', '/api/v1/users/me/children', child, { ...json, authorization });
    const picture = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#369' } })
      .jpeg()
      .toBuffer();
    const photo = `/api/v1/users/me/children/${String(added.body['id'])}/photo`;

    const put = await ask('PUT', photo, new Uint8Array(picture), { 'content-type': 'image/jpeg', authorization });

    expect(put.status).toBe(503);
    const [row] = await api.app.database.rows<{ count: number }>(STORED);
    expect(row?.count).toBe(0);
    expect((await ask('GET', photo, null, { authorization })).status).toBe(404);
    expect((await ask('GET', '/health/ready', null, {})).status).toBe(200);
  });
});
