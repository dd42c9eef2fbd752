import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { createSubjectKeyTable } from '../../src/infrastructure/event-store/subject-keys.ts';
import { createVault } from '../../src/infrastructure/event-store/vault.ts';
import { createLogger } from '../../src/infrastructure/logging/logger.ts';
import { connectDatabase } from '../../src/infrastructure/postgres/database.ts';
import { compose } from '../../src/main/compose.ts';
import { startApi } from '../../src/main/http-api.ts';
import { loadSecrets } from '../../src/main/secrets.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { configOf, localSettings, temporaryDataDir } from '../support/product.ts';
import { dumpOf, filesOf } from './dumps.ts';
import { openSmallPark } from './guests.ts';
import { expectRulesToHold } from './rules.ts';

const NOON_MS = Date.parse('2026-12-01T06:00:00Z');
const PASSWORD = 'a horse of Naryn';
const PERSONAL = ['Жибек', 'jibek@example.com', '700998877', 'Темирлан', '2019-07-19', PASSWORD];

describeWithDatabase('a guest who was erased', () => {
  test('is in no table, no file and no line of the log; tickets and sums stay, and every rule holds', async () => {
    const template = await createTestDatabase();
    onTestFinished(() => template.drop());
    const dataDir = await temporaryDataDir();
    const config = configOf(await localSettings(dataDir, { DATABASE_URL: template.url }));
    const lines: string[] = [];
    const log = createLogger({ level: 'trace' }, { write: (line) => void lines.push(line) });
    const clock = createManualClock(NOON_MS);
    const app = await compose({ config, log, databaseUrl: template.url, canSetRole: true, clock });
    const api = await startApi(app);
    const owner = connectDatabase({
      url: template.url,
      poolSize: 2,
      applicationName: 'erasure-test',
      onError: () => undefined,
    });
    onTestFinished(async () => {
      await api.drain();
      await app.close();
      await owner.close();
    });
    await openSmallPark(app, 'naryn', 50);

    const ask = async (method: string, path: string, body?: unknown, token?: string, type = 'application/json') => {
      const answer = await fetch(`${config.publicUrl}/api/v1${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': type }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    };
    const account = { phone: '+996700998877', password: PASSWORD, name: 'Жибек', email: 'jibek@example.com' };
    const registered = await ask('POST', '/auth/register', account);
    expect(registered.status).toBe(201);
    const token = String(registered.body['access_token']);
    const child = await ask('POST', '/users/me/children', { name: 'Темирлан', birth_date: '2019-07-19' }, token);
    const picture = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#369' } })
      .jpeg()
      .toBuffer();
    const photo = `/users/me/children/${String(child.body['id'])}/photo`;
    expect((await ask('PUT', photo, picture, token, 'image/jpeg')).status).toBe(204);
    const order = { park_id: 'naryn', visit_date: '2026-12-05', children: [{ child_id: child.body['id'] }] };
    const bought = await ask('POST', '/tickets', order, token);
    expect(bought.status).toBe(201);
    const held = await ask('GET', '/users/me/export', undefined, token);
    expect(JSON.stringify(held.body)).toContain('Темирлан');
    expect(held.body).toMatchObject({
      elsewhere: { tickets: [{ ticket_id: bought.body['id'] }], payments: [], points: [] },
    });
    expect(await filesOf(join(dataDir, 'files'))).toHaveLength(1);
    const before = await dumpOf(owner);
    const userId = String((held.body['profile'] as Record<string, unknown>)['id']);

    expect((await ask('DELETE', '/users/me', { password: PASSWORD }, token)).status).toBe(204);

    expect((await ask('GET', '/users/me', undefined, token)).status).toBe(401);
    expect((await ask('POST', '/auth/login', { phone: account.phone, password: PASSWORD })).status).toBe(401);
    const after = await dumpOf(owner);
    const logged = lines.join('');
    for (const personal of PERSONAL) {
      expect(after).not.toContain(personal);
      expect(logged).not.toContain(personal);
    }
    expect(await filesOf(join(dataDir, 'files'))).toEqual([]);

    // The events keep their sealed texts, those of a backup too: none of them opens, on a process that cached nothing.
    const { masterKey } = await loadSecrets(config);
    const vault = createVault({ keys: createSubjectKeyTable(owner), masterKey });
    const sealed = [...new Set(`${before}${after}`.match(new RegExp(`p1\\.${userId}\\.[A-Za-z0-9_-]+`, 'g')))];
    expect(sealed.length).toBeGreaterThan(5);
    for (const text of sealed) expect(await vault.open(text)).toBeNull();
    expect(after).not.toContain(vault.blindIndex('phone', account.phone));

    expect(after).toContain(String(bought.body['id']));
    await expectRulesToHold(template.url);
  });
});
