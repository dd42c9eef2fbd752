import { expect, onTestFinished, test, vi } from 'vitest';
import { bodyOf } from '../../tools/demo/answered.ts';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { localSettings, startTestApi, temporaryDataDir } from '../support/product.ts';
import { newGuest, openSmallPark, order, ticketOf } from './guests.ts';

const PARK = 'small';
const date = '2026-12-07';

describeWithDatabase('a park', () => {
  async function start() {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const settings = await localSettings(await temporaryDataDir(), { DATABASE_URL: database.url });
    const api = await startTestApi(settings, createManualClock(Date.parse('2026-12-04T06:00:00Z')));
    await openSmallPark(api.app, PARK, 40);
    return api;
  }

  test('a sold ticket keeps its price when the park becomes dearer, and the next one costs more', async () => {
    const { app, url } = await start();
    const [guest, manager] = [await newGuest(url), await newGuest(url)];
    const meta = { actor: 'system', correlationId: 'test' };
    await app.modules.auth.grantRole({ userId: manager.userId, role: 'manager', parkId: PARK }, meta);
    await manager.session.signIn();
    const first = bodyOf('ticket', 201, await order(guest, { parkId: PARK, date }));
    const params = { path: { id: PARK } };
    const seen = await guest.session.client.GET('/api/v1/parks/{id}', { params });
    const edited = await manager.session.client.PATCH('/api/v1/parks/{id}', {
      params: { ...params, header: { 'If-Match': seen.response.headers.get('etag') ?? '' } },
      body: { price_over_3: '500.00' },
    });
    expect(bodyOf('park', 200, edited).price_over_3).toBe('500.00');
    const next = bodyOf('ticket', 201, await order(guest, { parkId: PARK, date }));
    expect([(await ticketOf(guest, first.id)).price, next.price]).toEqual(['350.00', '500.00']);
  });

  test('availability asks as many statements for 91 days as for one', async () => {
    const { app, url } = await start();
    const guest = await newGuest(url);
    bodyOf('ticket', 201, await order(guest, { parkId: PARK, date }));
    const rows = vi.spyOn(app.database, 'rows');
    const statementsFor = async (to: string, days: number): Promise<number> => {
      rows.mockClear();
      const answer = await fetch(`${url}/api/v1/parks/${PARK}/availability?from=2026-12-04&to=${to}`);
      const { items } = (await answer.json()) as { readonly items: readonly unknown[] };
      expect(items).toHaveLength(days);
      return rows.mock.calls.length;
    };
    const forOne = await statementsFor('2026-12-04', 1);
    expect(forOne).toBeGreaterThan(0);
    expect(await statementsFor('2027-03-04', 91)).toBe(forOne);
  });
});
