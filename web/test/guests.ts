import { randomUUID } from 'node:crypto';
import { bodyOf, eventually } from '../../tools/demo/answered.ts';
import { demoLogins } from '../../tools/demo/demo-logins.ts';
import { Session } from '../../tools/demo/session.ts';
import { datesToEnterNow } from '../../tools/demo/visit-choice.ts';
import { newGuest, patience, ticketOf, type Guest } from '../../test/e2e/guests.ts';
import type { Stage } from './stage.ts';

/** The demo park that is never closed. */
export const OPEN_PARK = 'dordoi';

/** An admin, signed in at the API. */
export async function adminOf({ product, url }: Stage): Promise<Session> {
  const { admin } = await demoLogins(product.app.config.dataDir);
  const session = new Session(url, admin, patience);
  await session.signIn();
  return session;
}

/** Sells no more than so many places of a day. */
export async function limitDay(admin: Session, parkId: string, date: string, places: number): Promise<void> {
  const path = { id: parkId };
  const query = { from: date, to: date };
  const before = await admin.call('calendar', (client) =>
    client.GET('/api/v1/parks/{id}/calendar', { params: { path, query } }),
  );
  const params = {
    path: { ...path, date },
    header: { 'If-Match': bodyOf('calendar', 200, before).items[0]?.etag ?? '' },
  };
  const done = await admin.call('limit', (client) =>
    client.PUT('/api/v1/parks/{id}/calendar/{date}', { params, body: { day_quota: places } }),
  );
  bodyOf('limit', 200, done);
}

/** A day on which the open park lets in at this moment. */
export async function dayToEnterNow({ session }: Pick<Guest, 'session'>): Promise<string> {
  const params = { path: { id: OPEN_PARK } };
  const park = bodyOf(
    'park',
    200,
    await session.call('park', (client) => client.GET('/api/v1/parks/{id}', { params })),
  );
  const [date] = datesToEnterNow(park, Date.now());
  if (date === undefined) throw new Error(`${OPEN_PARK} lets nobody in now`);
  return date;
}

export type Holder = { readonly guest: Guest; readonly ticketId: string; readonly code: string };

/** A party with a paid ticket of the open park, for now. */
export async function ticketHolder({ url }: Stage, children = 1): Promise<Holder> {
  const guest = await newGuest(url);
  const { session } = guest;
  const withKey = () => ({ header: { 'Idempotency-Key': randomUUID() } });
  const body = {
    park_id: OPEN_PARK,
    visit_date: await dayToEnterNow(guest),
    children: Array.from({ length: children }, () => ({ name: 'Айбек', age: 5 })),
    adults: 1,
  };
  const bought = await session.call('buy', (client) => client.POST('/api/v1/tickets', { params: withKey(), body }));
  const { id: ticketId } = bodyOf('buy', 201, bought);
  const started = await session.call('pay', (client) =>
    client.POST('/api/v1/payments', { params: withKey(), body: { ticket_id: ticketId, method: 'elqr' } }),
  );
  await fetch(`${String(bodyOf('pay', 201, started).action?.url)}/pay`, { method: 'POST' });
  const code = await eventually('a paid ticket', 30_000, async () => (await ticketOf(guest, ticketId)).admission_code);
  return { guest, ticketId, code };
}
