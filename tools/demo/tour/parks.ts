import { randomBytes } from 'node:crypto';
import { createSkyParkClient } from '../../../clients/typescript/client.ts';
import { bodyOf, eventually, expectThat } from '../answered.ts';
import type { Session } from '../session.ts';
import { datesToEnterNow } from '../visit-choice.ts';
import { ask, askTagged, dayAfter, FOLLOW_MS, newBuyer, newKey, type Tour, type TourParks } from './tour.ts';
import { buyPaid, partyOf } from './tickets.ts';

/** A park that is always open. */
export const demoPark = (id: string, capacity: number) => ({
  id,
  names: { ru: `Парк тура ${id}`, ky: `Тур паркы ${id}`, en: `Tour park ${id}` },
  addresses: { ru: 'Бишкек', ky: 'Бишкек', en: 'Bishkek' },
  capacity,
  price_under_3: '150.00',
  price_over_3: '350.00',
  open_time: '00:00',
  close_time: '23:59',
  lat: 42.87,
  lng: 74.59,
});

const open = (admin: Session, id: string, capacity: number, reEntry: 'none' | 'same_day') =>
  ask(admin, 201, (client) =>
    client.POST('/api/v1/parks', {
      params: { header: newKey() },
      body: { ...demoPark(id, capacity), re_entry: reEntry },
    }),
  );

export async function openTourParks(admin: Session): Promise<TourParks> {
  const name = `tour-${randomBytes(4).toString('hex')}`;
  const roomy = await open(admin, name, 500, 'same_day');
  const tiny = await open(admin, `${name}-tiny`, 2, 'none');
  const today = datesToEnterNow(roomy, Date.now()).at(-1) ?? '';
  return { roomy: roomy.id, tiny: tiny.id, today };
}

/** Gives a date a rule of its own, whatever it had. */
export async function setDay(
  admin: Session,
  id: string,
  date: string,
  body: {
    readonly day_quota?: number;
    readonly price_over_3?: string;
    readonly closed?: boolean;
    readonly reason?: { readonly ru: string; readonly ky: string; readonly en: string };
  },
): Promise<void> {
  const day = await calendarDay(admin, id, date);
  const params = { path: { id, date }, header: { 'If-Match': day.etag } };
  await ask(admin, 200, (client) => client.PUT('/api/v1/parks/{id}/calendar/{date}', { params, body }));
}

async function calendarDay(admin: Session, id: string, date: string) {
  const params = { path: { id }, query: { from: date, to: date } };
  const days = await ask(admin, 200, (client) => client.GET('/api/v1/parks/{id}/calendar', { params }));
  const [day] = days.items;
  expectThat(day !== undefined, `no calendar day ${date}`);
  return day;
}

async function quoteOf({ admin, parks }: Tour, date: string): Promise<string> {
  const body = partyOf(parks.roomy, date, 1);
  return (await ask(admin, 200, (client) => client.POST('/api/v1/tickets/quote', { body }))).price;
}

export async function tourParks(tour: Tour): Promise<void> {
  await seeing(tour);
  await editing(tour);
  await quota(tour);
}

async function seeing({ step, admin, baseUrl, parks }: Tour): Promise<void> {
  await step('parks are named in ru, ky and en', async () => {
    const names = new Set<string>();
    for (const language of ['ru', 'ky', 'en']) {
      const client = createSkyParkClient({ baseUrl });
      const headers = { 'accept-language': language };
      const params = { path: { id: parks.roomy } };
      const answer = await client.GET('/api/v1/parks/{id}', { params, headers });
      names.add(bodyOf('park', 200, answer).name);
    }
    expectThat(names.size === 3, `names in three languages: ${[...names].join(', ')}`);
    const listed = await ask(admin, 200, (client) =>
      client.GET('/api/v1/parks', { params: { query: { limit: 100 } } }),
    );
    expectThat(listed.items.length >= 5, `${listed.items.length} parks are listed`);
  });
  await step('availability of a week, day by day', async () => {
    const params = { path: { id: parks.roomy }, query: { from: parks.today, to: dayAfter(parks.today, 6) } };
    const days = await ask(admin, 200, (client) => client.GET('/api/v1/parks/{id}/availability', { params }));
    expectThat(days.items.length === 7 && days.items.every((day) => day.remaining === 500), 'seven days of 500 places');
  });
}

async function editing(tour: Tour): Promise<void> {
  const { step, admin, parks } = tour;
  await step('a park is edited by its version; a lost update is refused', async () => {
    const params = { path: { id: parks.roomy } };
    const { etag } = await askTagged(admin, (client) => client.GET('/api/v1/parks/{id}', { params }));
    const edit = { params: { ...params, header: { 'If-Match': etag } }, body: { group_percent: 10 } };
    const editAmenities = { ...edit, body: { amenities: ['cafe' as const] } };
    await ask(admin, 200, (client) => client.PATCH('/api/v1/parks/{id}', editAmenities));
    const stale = await admin.call('edit', (client) => client.PATCH('/api/v1/parks/{id}', edit));
    expectThat(stale.response.status === 412, `a lost update was answered ${stale.response.status}`);
  });
  await step('a price of one date changes what a quote says, and goes again', async () => {
    const date = dayAfter(parks.today, 20);
    await setDay(admin, parks.roomy, date, { price_over_3: '500.00' });
    expectThat((await quoteOf(tour, date)) === '500.00', 'the quote knows the price of the date');
    const { etag } = await calendarDay(admin, parks.roomy, date);
    const params = { path: { id: parks.roomy, date }, header: { 'If-Match': etag } };
    await ask(admin, 200, (client) => client.DELETE('/api/v1/parks/{id}/calendar/{date}', { params }));
    expectThat((await quoteOf(tour, date)) === '350.00', 'the quote is that of any day again');
  });
  await step('the public holidays are kept in a calendar of the chain', async () => {
    const { body, etag } = await askTagged(admin, (client) => client.GET('/api/v1/admin/holidays'));
    expectThat(etag !== '' && Array.isArray(body.items), 'holidays have a version');
  });
  await step('an admin announces a public holiday, and takes it back', async () => {
    const read = () => askTagged(admin, (client) => client.GET('/api/v1/admin/holidays'));
    const { body: before, etag } = await read();
    const write = (items: typeof before.items, version: string) => {
      const edit = { params: { header: { 'If-Match': version } }, body: { items } };
      return ask(admin, 200, (client) => client.PUT('/api/v1/admin/holidays', edit));
    };
    const names = { ru: 'День тура', ky: 'Тур күнү', en: 'Tour day' };
    const day = { date: dayAfter(parks.today, 60), names, certainty: 'announced' as const, source: 'The tour' };
    const others = before.items.filter(({ date }) => date !== day.date);
    const announced = await write([...others, day], etag);
    expectThat(
      announced.items.some(({ names: { en } }) => en === 'Tour day'),
      'the holiday is not in the list',
    );
    const known = await calendarDay(admin, parks.roomy, day.date);
    expectThat(known.holiday_certainty === 'announced', 'the calendar does not know the holiday');
    const after = await write(before.items, (await read()).etag);
    expectThat(after.items.length === before.items.length, 'the holiday is still there');
  });
}

async function quota(tour: Tour): Promise<void> {
  const { step, admin, parks } = tour;
  const date = dayAfter(parks.today, 21);
  const deficitIs = (expected: number): Promise<true> =>
    eventually(`a deficit of ${expected}`, FOLLOW_MS, async () =>
      (await calendarDay(admin, parks.roomy, date)).deficit === expected ? true : null,
    );
  await step('a quota lowered under what is sold shows a deficit; raised again it is gone', async () => {
    await buyPaid(tour, await newBuyer(tour), partyOf(parks.roomy, date, 3));
    await setDay(admin, parks.roomy, date, { day_quota: 1 });
    await deficitIs(2);
    await setDay(admin, parks.roomy, date, { day_quota: 10 });
    await deficitIs(0);
  });
}
