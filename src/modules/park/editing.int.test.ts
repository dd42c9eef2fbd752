import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase } from '../../../test/support/module-database.ts';
import { serve, type TestServer } from '../../../test/support/module-server.ts';
import type { Method } from '../../infrastructure/http/route.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { createMemoryFileStore } from '../../infrastructure/files/memory-file-store.ts';
import { createImageCleaner } from '../../infrastructure/images/clean-image.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { editorTokens as tokens } from './editors.suite.ts';
import { newParkExample } from './http/park-examples.ts';
import { createParkModule, parkManifest, type ParkModule } from './module.ts';

const clock = createManualClock(Date.parse('2026-12-05T06:00:00Z'));
const PARK = '/api/v1/parks/ala-archa';
const HOLIDAYS = '/api/v1/admin/holidays';

describeWithDatabase('editing parks', () => {
  let opened: ModuleDatabase;
  let parks: ParkModule;
  let here: TestServer;
  let there: TestServer;
  const followed: string[] = [];

  beforeAll(async () => {
    opened = await openModuleDatabase(parkManifest, clock);
    const start = async (): Promise<ParkModule> =>
      createParkModule({
        gateLag: async () => null,
        ...(await opened.startNode()),
        files: createMemoryFileStore(),
        cleanImage: createImageCleaner(clock),
        ids,
        clock,
        zone: createZone(),
        onError: () => undefined,
        occupancy: async (parkIds) => parkIds.map(() => 7),
        placesOfDays: async (_parkId, dates) =>
          dates.map((date) => (date === '2026-12-06' ? { free: 0, deficit: 4 } : null)),
        followQuota: async (parkId, dates) => {
          followed.push(...dates.map((date) => `${parkId} ${date}`));
        },
      });
    parks = await start();
    [here, there] = [await serve(parks.routes, tokens, clock), await serve((await start()).routes, tokens, clock)];
    await ask('POST', '/api/v1/parks', newParkExample);
    await ask('POST', '/api/v1/parks', { ...newParkExample, id: 'asanbay' });
  });
  afterAll(async () => {
    await here.close();
    await there.close();
    await opened.close();
  });

  const ask = (method: Method, path: string, body?: unknown, token = 'admin', ifMatch?: string, server = here) =>
    server.ask(method, path, {
      ...(body === undefined ? {} : { body }),
      token,
      headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
    });
  const tagOf = async (path: string): Promise<string> => String((await ask('GET', path)).headers['etag']);
  const dayOf = async (date: string) => {
    const { body } = await ask('GET', `${PARK}/calendar?from=${date}&to=${date}`);
    return (body as unknown as { readonly items: readonly [{ readonly etag: string }] }).items[0];
  };
  const edit = async (body: object, token = 'manager') => ask('PATCH', PARK, body, token, await tagOf(PARK));
  const setDay = async (date: string, body: object, token = 'manager') =>
    ask('PUT', `${PARK}/calendar/${date}`, body, token, (await dayOf(date)).etag);

  describe('a park', () => {
    test('is made by an admin, once, with what is usual where nothing is said', async () => {
      const again = await ask('POST', '/api/v1/parks', newParkExample);
      expect(again).toMatchObject({ status: 409, body: { code: 'park_exists' } });
      const { body, headers } = await ask('GET', PARK);
      expect(body).toMatchObject({
        price_adult: '0.00',
        group_percent: 10,
        re_entry: 'none',
        walk_up_share_percent: 20,
      });
      expect(headers['etag']).toBe('"1"');
    });

    test('is edited in part, each time from its newest version', async () => {
      const tag = await tagOf(PARK);
      const edited = await ask('PATCH', PARK, { price_over_3: '400.00', re_entry: 'same_day' }, 'manager', tag);
      expect(edited).toMatchObject({
        status: 200,
        body: { price_over_3: '400.00', price_under_3: '150.00', re_entry: 'same_day' },
      });
      expect(await ask('PATCH', PARK, { capacity: 1 }, 'manager', tag)).toMatchObject({ status: 412 });
      expect(await ask('PATCH', PARK, { capacity: 1 }, 'manager')).toMatchObject({ status: 428 });
      const back = await ask('PATCH', PARK, { price_over_3: '350.00' }, 'manager', String(edited.headers['etag']));
      expect(back.status).toBe(200);
      expect(await parks.catalogue.find('ala-archa')).toMatchObject({ reEntry: 'same_day', priceOver3Tyiyn: 35_000n });
    });

    test('of ten edits of one version made at once by two processes one holds', async () => {
      const tag = await tagOf(PARK);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          ask('PATCH', PARK, { group_percent: 20 + index }, 'manager', tag, index % 2 === 0 ? here : there),
        ),
      );
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(9);
      const winner = answers.find(({ status }) => status === 200);
      expect((await ask('GET', PARK)).body).toMatchObject({ group_percent: winner?.body['group_percent'] });
    });

    test('with another capacity asks every day on sale to follow', async () => {
      followed.length = 0;
      await edit({ capacity: 250 });
      expect(followed).toHaveLength(91);
      expect([followed[0], followed[90]]).toEqual(['ala-archa 2026-12-05', 'ala-archa 2027-03-05']);
    });

    test.each([
      [{}, ''],
      [{ capacity: 0 }, 'capacity'],
      [{ capacity: '300' }, 'capacity'],
      [{ price_over_3: '-1.00' }, 'price_over_3'],
      [{ price_over_3: '999999999999.00' }, 'price_over_3'],
      [{ price_over_3: '01.00' }, 'price_over_3'],
      [{ close_time: '09:00' }, 'close_time'],
      [{ open_time: '25:00' }, 'open_time'],
      [{ weekday_prices: [{ weekday: 6 }] }, 'weekday_prices'],
      [{ weekday_prices: [{ weekday: 6, open_time: '10:00' }] }, 'weekday_prices'],
      [{ holiday_prices: { open_time: '12:00', close_time: '11:00' } }, 'holiday_prices'],
      [{ images: ['http://images.example/1.jpg'] }, 'images'],
      [{ amenities: ['dragon'] }, 'amenities'],
      [{ names: { ru: 'Парк', ky: ' ', en: 'Park' } }, 'names'],
      [{ names: { ru: 'Парк', en: 'Park' } }, 'names'],
      [{ lat: 91 }, 'lat'],
      [{ time_zone: 'Asia/Almaty' }, 'time_zone'],
      [{ price: '1.00' }, 'price'],
    ])('%o is refused in the words of the request', async (body, field) => {
      const { status, body: refused } = await edit(body);
      expect(status).toBe(400);
      expect(JSON.stringify(refused['errors'])).toContain(field);
    });
  });

  describe('who may edit', () => {
    test.each([
      ['admin', 200],
      ['manager', 200],
      ['other', 403],
      ['gate', 403],
      ['guest', 403],
    ])('%s: %i', async (token, status) => {
      expect(await edit({ group_percent: 10 }, token)).toMatchObject({ status });
      expect(await setDay('2026-12-30', { note: token }, token)).toMatchObject({ status });
    });

    test.each(['manager', 'gate', 'guest'])('%s makes no park and sets no holidays', async (token) => {
      expect(await ask('POST', '/api/v1/parks', newParkExample, token)).toMatchObject({ status: 403 });
      const list = (await ask('GET', HOLIDAYS)).body;
      expect(await ask('PUT', HOLIDAYS, list, token, await tagOf(HOLIDAYS))).toMatchObject({ status: 403 });
    });

    test('nobody edits a park that does not exist', async () => {
      expect(await ask('PATCH', '/api/v1/parks/nowhere', { capacity: 1 }, 'admin', '"1"')).toMatchObject({
        status: 404,
      });
      expect(
        await ask('PUT', '/api/v1/parks/nowhere/calendar/2026-12-30', { closed: true }, 'admin', '"1"'),
      ).toMatchObject({
        status: 404,
      });
    });
  });

  describe('the calendar', () => {
    const reason = { ru: 'Ремонт', ky: 'Оңдоо', en: 'Repairs' };

    test('closes a date, says why in the language asked for, and opens it again', async () => {
      followed.length = 0;
      const closed = await setDay('2026-12-10', { closed: true, reason });
      expect(closed).toMatchObject({ status: 200, body: { open: false, reason: 'Repairs', from: { hours: 'date' } } });
      expect(await parks.findDay('ala-archa', '2026-12-10')).toMatchObject({ hours: null, closedReason: reason });
      const shown = await here.ask('GET', `${PARK}/availability?from=2026-12-10&to=2026-12-10`, {
        headers: { 'accept-language': 'ky' },
      });
      expect(shown.body).toMatchObject({ items: [{ open: false, remaining: 0, reason: 'Оңдоо' }] });
      const path = `${PARK}/calendar/2026-12-10`;
      expect(await ask('DELETE', path, undefined, 'manager', '"1"')).toMatchObject({ status: 412 });
      const cleared = await ask('DELETE', path, undefined, 'manager', String(closed.headers['etag']));
      expect(cleared).toMatchObject({ status: 200, body: { open: true, reason: null, rule: null } });
      expect(followed).toEqual(['ala-archa 2026-12-10', 'ala-archa 2026-12-10']);
    });

    test('a lost update of a date is refused, its first rule included', async () => {
      const { etag } = await dayOf('2026-12-11');
      const put = (quota: number, server: TestServer) =>
        ask('PUT', `${PARK}/calendar/2026-12-11`, { day_quota: quota }, 'manager', etag, server);
      const answers = await Promise.all([put(5, here), put(6, there), put(7, here), put(8, there)]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(3);
    });

    test('shows what holds and why: date before holiday before weekday before park', async () => {
      await edit({
        weekday_prices: [{ weekday: 5, price_over_3: '450.00' }],
        holiday_prices: { price_over_3: '500.00' },
      });
      await setDay('2027-01-02', { price_over_3: '600.00' });
      const { body } = await ask('GET', `${PARK}/calendar?from=2026-12-31&to=2027-01-08`, undefined, 'gate');
      const { items } = body as unknown as {
        readonly items: readonly { readonly price_over_3: string; readonly from: { readonly price_over_3: string } }[];
      };
      expect(items.map((item) => `${item.price_over_3} ${item.from.price_over_3}`)).toEqual([
        '350.00 default',
        '500.00 holiday',
        '600.00 date',
        '500.00 holiday',
        '500.00 holiday',
        '500.00 holiday',
        '500.00 holiday',
        '500.00 holiday',
        '450.00 weekday',
      ]);
      expect(items[1]).toMatchObject({ holiday: "New Year's Day", holiday_certainty: 'fixed' });
    });

    test('shows a deficit', async () => {
      expect(await dayOf('2026-12-06')).toMatchObject({ remaining: 0, deficit: 4 });
    });

    test.each([
      ['2026-12-04', { closed: true }, 'date'],
      ['2028-12-31', { closed: true }, 'date'],
      ['2026-12-12', { open_time: '10:00' }, 'close_time'],
      ['2026-12-12', { closed: true, open_time: '10:00', close_time: '11:00' }, 'open_time'],
      ['2026-12-12', { reason }, 'reason'],
      ['2026-12-12', { day_quota: -1 }, 'day_quota'],
      ['2026-12-12', { day_quota: 1e9 }, 'day_quota'],
      ['2026-12-12', { price_adult: '1' }, 'price_adult'],
    ])('%s %o is refused', async (date, body, field) => {
      const { status, body: refused } = await ask('PUT', `${PARK}/calendar/${date}`, body, 'manager', '"1"');
      expect(status).toBe(400);
      expect(JSON.stringify(refused['errors'])).toContain(field);
    });

    test.each(['2027-02-29', '2026-13-01', '0001-01-01', 'today'])('there is no date %s', async (date) => {
      expect(await ask('PUT', `${PARK}/calendar/${date}`, { closed: true }, 'manager', '"1"')).toMatchObject({
        status: 400,
      });
    });
  });

  test('the public holidays are those of the program until an admin sets others, for all parks', async () => {
    const before = await ask('GET', HOLIDAYS);
    expect(before.headers['etag']).toBe('"1"');
    const { items } = before.body as unknown as { readonly items: readonly { readonly date: string }[] };
    expect(items.map(({ date }) => date)).toContain('2027-03-21');
    const moved = items.map((item) =>
      item.date === '2027-03-10' ? { ...item, date: '2027-03-09', certainty: 'announced' } : item,
    );
    const set = await ask('PUT', HOLIDAYS, { items: moved }, 'admin', '"1"');
    expect(set).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { items: moved } });
    expect(await ask('PUT', HOLIDAYS, { items: moved }, 'admin', '"1"')).toMatchObject({ status: 412 });
    expect(await parks.findDay('asanbay', '2027-03-09')).toMatchObject({ holiday: { certainty: 'announced' } });
    expect(await parks.findDay('asanbay', '2027-03-10')).toMatchObject({ holiday: null });
    expect(await ask('PUT', HOLIDAYS, { items: [] }, 'admin', '"2"')).toMatchObject({ status: 400 });
    expect(await ask('PUT', HOLIDAYS, { items: [moved[0], moved[0]] }, 'admin', '"2"')).toMatchObject({ status: 400 });
  });

  test('after any edits a rebuild in any ranges gives the same rows, and what is told twice changes nothing', async () => {
    const one = fc.record({
      what: fc.constantFrom('park', 'day', 'clear', 'holidays'),
      day: fc.integer({ min: 10, max: 14 }),
      value: fc.integer({ min: 0, max: 99 }),
    });
    const edits = fc.sample(one, { numRuns: 60, seed: 7 });
    for (const { what, day, value } of edits) {
      const date = `2027-01-${day}`;
      const path = `${PARK}/calendar/${date}`;
      if (what === 'park')
        await edit({ price_over_3: `${value}.00`, weekday_prices: [{ weekday: (value % 7) + 1, closed: true }] });
      if (what === 'day') await setDay(date, { day_quota: value, price_adult: `${value}.50` });
      if (what === 'clear') await ask('DELETE', path, undefined, 'manager', (await dayOf(date)).etag);
      if (what === 'holidays') {
        const names = { ru: 'a', ky: 'b', en: 'c' };
        const items = [{ date, names, certainty: 'fixed', source: `${value}` }];
        expect(await ask('PUT', HOLIDAYS, { items }, 'admin', await tagOf(HOLIDAYS))).toMatchObject({ status: 200 });
      }
    }
    const before = await opened.rows();
    expect(before['park.calendar']?.length).toBeGreaterThan(5);
    expect(before['park.holidays']).toHaveLength(1);
    await opened.replay(1, 1000);
    expect(await opened.rows()).toEqual(before);
    for (const batch of [1, 7, 100_000]) {
      await opened.rebuild(batch);
      expect(await opened.rows()).toEqual(before);
    }
  });
});
