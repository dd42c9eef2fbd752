import { expect, onTestFinished, test, vi } from 'vitest';
import { bodyOf } from '../../tools/demo/answered.ts';
import { createManualClock } from '../../src/infrastructure/clock.ts';
import { createTestDatabase, describeWithDatabase } from '../support/database.ts';
import { localSettings, startTestApi, temporaryDataDir } from '../support/product.ts';
import { freePort } from '../../tools/demo/own-product.ts';
import { guestAt, newGuest, openSmallPark, order, ticketOf } from './guests.ts';

const PARK = 'small';
const date = '2026-12-07';

describeWithDatabase('a park', () => {
  const clock = createManualClock(Date.parse('2026-12-04T06:00:00Z'));

  async function start() {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const settings = await localSettings(await temporaryDataDir(), { DATABASE_URL: database.url });
    const api = await startTestApi(settings, clock);
    await openSmallPark(api.app, PARK, 40);
    return { ...api, settings };
  }

  const priceAt = async (url: string): Promise<unknown> => {
    const answer = await fetch(`${url}/api/v1/parks/${PARK}`);
    return ((await answer.json()) as { readonly price_over_3: unknown }).price_over_3;
  };

  test('shows a new price at once where it was set, soon at every other process, and sells at no other anywhere', async () => {
    const { app, url, settings } = await start();
    const other = await startTestApi({ ...settings, PORT: String(await freePort()) }, clock);
    const [guest, manager] = [await newGuest(url), await newGuest(url)];
    const meta = { actor: 'system', correlationId: 'test' };
    await app.modules.auth.grantRole({ userId: manager.userId, role: 'manager', parkId: PARK }, meta);
    await manager.session.signIn();
    const elsewhere = await guestAt(other.url, guest);
    for (const price of ['400.00', '450.00', '500.00', '550.00']) {
      expect([await priceAt(url), await priceAt(other.url)]).not.toContain(price);
      const { headers } = await fetch(`${url}/api/v1/parks/${PARK}`);
      const params = { path: { id: PARK }, header: { 'If-Match': headers.get('etag') ?? '' } };
      const edited = await manager.session.client.PATCH('/api/v1/parks/{id}', {
        params,
        body: { price_over_3: price },
      });
      bodyOf('park', 200, edited);
      const [sold, shown] = await Promise.all([order(elsewhere, { parkId: PARK, date }), priceAt(url)]);
      expect([bodyOf('ticket', 201, sold).price, shown]).toEqual([price, price]);
      await vi.waitFor(async () => expect(await priceAt(other.url)).toBe(price), { timeout: 2000 });
    }
  });

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
      // The cache looks at the log by itself meanwhile.
      return rows.mock.calls.filter(([{ name }]) => name !== 'store.head' && name !== 'store.read-types').length;
    };
    const forOne = await statementsFor('2026-12-04', 1);
    expect(forOne).toBeGreaterThan(0);
    // Fewer, where answers are kept.
    expect(await statementsFor('2027-03-04', 91)).toBeLessThanOrEqual(forOne);
  });
});
