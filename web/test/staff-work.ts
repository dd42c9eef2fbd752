import { randomUUID } from 'node:crypto';
import type { DemoAccounts } from '../../src/main/demo-seed.ts';
import type { SkyParkClient } from '../../clients/typescript/client.ts';
import { patience } from '../../test/e2e/guests.ts';
import { Session, type Login } from '../../tools/demo/session.ts';

/** The demo park that never closes. */
const PARK = 'dordoi';
const PEOPLE = 2;

/** By the calendar of the parks. */
function tenthOfNextMonth(): string {
  const [year = 0, month = 0] = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Bishkek' })
    .format(new Date())
    .split('-')
    .map(Number);
  return month === 12 ? `${year + 1}-01-10` : `${year}-${String(month + 1).padStart(2, '0')}-10`;
}

async function signedIn(url: string, login: Login): Promise<SkyParkClient> {
  const session = new Session(url, login, patience);
  await session.signIn();
  return session.client;
}

/** What another manager does meanwhile: gives the tenth of the coming month a note. */
export async function changeTenthOfNextMonth(url: string, { admin }: DemoAccounts): Promise<void> {
  const api = await signedIn(url, admin);
  const date = tenthOfNextMonth();
  const path = { id: PARK };
  const days = await api.GET('/api/v1/parks/{id}/calendar', { params: { path, query: { from: date, to: date } } });
  const changed = await api.PUT('/api/v1/parks/{id}/calendar/{date}', {
    params: { path: { ...path, date }, header: { 'If-Match': days.data?.items[0]?.etag ?? '' } },
    body: { note: 'A school comes at noon' },
  });
  if (!changed.response.ok) throw new Error('the day was not changed');
}

/** Sells a family a ticket at the desk and lets it in at two gates, one of which was cut off: an incident for each of the family. */
export async function admitTwice(url: string, { gate }: DemoAccounts): Promise<void> {
  const api = await signedIn(url, gate);
  const sold = await api.POST('/api/v1/gate/sales', {
    params: { header: { 'Idempotency-Key': randomUUID() } },
    body: {
      park_id: PARK,
      children: [{ age: 5 }],
      adults: 1,
      method: 'elcard_terminal',
      terminal_reference: randomUUID(),
    },
  });
  const code = sold.data?.admission_code ?? '';
  const scan = (name: string, more: object = {}) => ({
    scan_id: randomUUID(),
    code,
    direction: 'in' as const,
    people: PEOPLE,
    scanned_at: new Date().toISOString(),
    gate: name,
    ...more,
  });
  const first = await api.POST('/api/v1/gate/scans', { body: { scans: [scan('main')] } });
  const second = await api.POST('/api/v1/gate/scans', { body: { scans: [scan('north', { decided_offline: true })] } });
  if (first.data?.results[0]?.outcome !== 'admitted') throw new Error('the family was not let in');
  if ((second.data?.results[0]?.incident_id ?? null) === null) throw new Error('nobody noticed the second admission');
}
