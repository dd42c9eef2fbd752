import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCleanUp, localSettings, startProgram, temporaryDataDir, type Program } from '../support/product.ts';

const PARK_ID = 'osh-center';

const cleanUp = createCleanUp();
let node: Program;

beforeAll(async () => {
  const dataDir = await temporaryDataDir(cleanUp.later);
  const settings = await localSettings(dataDir, {
    SKYPARK_NODE_ID: 'osh-1',
    SKYPARK_PARK_ID: PARK_ID,
    // Nobody listens there: a park works on without headquarters.
    SKYPARK_HQ_URL: 'http://127.0.0.1:9',
  });
  node = await startProgram('park-node', settings, cleanUp.later);
}, 120_000);

afterAll(() => cleanUp.run());

const get = (path: string) => fetch(`${node.url}${path}`);

const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${node.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('the node of a park, alone with its own database', () => {
  test('is healthy, shows its metrics and its documents', async () => {
    for (const path of ['/health/live', '/health/ready', '/metrics', '/docs', '/.well-known/jwks.json']) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
  });

  test('answers what only headquarters does with hq_only', async () => {
    const answers = [
      await post('/auth/register', { phone: '0555 123 456', password: 'a horse of Naryn', name: 'Aizada' }),
      await post('/tickets', { park_id: PARK_ID }),
      await get('/api/v1/users/me'),
      await post('/payments', {}),
      await get('/api/v1/admin/reports/sales'),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'hq_only' });
    }
  });

  test('shows the parks it was told of: none yet', async () => {
    const parks = await get('/api/v1/parks');
    expect([parks.status, await parks.json()]).toMatchObject([200, { items: [] }]);
  });

  test('lets nobody sign in of whom headquarters has not told', async () => {
    const answer = await post('/auth/login', { phone: '0555 123 456', password: 'a horse of Naryn' });
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'invalid_credentials' }]);
  });
});
