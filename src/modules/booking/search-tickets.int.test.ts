import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { openPassOffice, PHONE, type PassOffice } from './passes.suite.ts';

type Found = { readonly id: string; readonly status: string };

describeWithDatabase('the search for tickets', () => {
  let office: PassOffice;
  let manager = '';
  /** By name: whose, where, when. */
  const tickets: Record<string, string> = {};

  async function buy(userId: string, parkId: string, date: string): Promise<string> {
    const children = [{ name: 'Aibek Asanov', birth_date: '2021-03-01' }];
    const bought = await office.post(userId, '/tickets', { park_id: parkId, visit_date: date, children, adults: 1 });
    if (bought.status !== 201) throw new Error(JSON.stringify(bought.body));
    return String(bought.body['id']);
  }

  beforeAll(async () => {
    office = await openPassOffice();
    manager = office.manager('osh');
    const guest = office.person();
    tickets['early'] = await buy(guest, 'osh', '2026-12-07');
    tickets['cancelled'] = await buy(guest, 'osh', '2026-12-08');
    tickets['late'] = await buy(office.phoneOwner, 'osh', '2026-12-09');
    tickets['elsewhere'] = await buy(office.phoneOwner, 'karakol', '2026-12-08');
    await office.post(guest, `/tickets/${tickets['cancelled']}/cancel`, {});
  });
  afterAll(() => office?.close());

  const search = (token: string, query: Readonly<Record<string, string>>) =>
    office.get(token, `/admin/tickets?${new URLSearchParams(query).toString()}`);
  async function find(token: string, query: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const { status, body } = await search(token, query);
    expect(status).toBe(200);
    const named = new Map(Object.entries(tickets).map(([name, id]) => [id, name]));
    return (body['items'] as Found[]).map(({ id }) => named.get(id) ?? id);
  }

  test('shows a manager the own park, the latest visit first, and an admin all parks', async () => {
    expect(await find(manager, { park_id: 'osh' })).toEqual(['late', 'cancelled', 'early']);
    expect(await find(office.admin, {})).toEqual(['late', 'elsewhere', 'cancelled', 'early']);
    for (const query of [{}, { park_id: 'karakol' }, { ticket_id: tickets['elsewhere'] ?? '' }]) {
      expect(await search(manager, query)).toMatchObject({ status: 403 });
    }
    expect(await search(office.phoneOwner, { park_id: 'osh' })).toMatchObject({ status: 403 });
  });

  test.each<[Readonly<Record<string, string>>, readonly string[]]>([
    [{ visit_date: '2026-12-08' }, ['elsewhere', 'cancelled']],
    [{ visit_date: '2026-12-08', park_id: 'osh' }, ['cancelled']],
    [{ status: 'cancelled' }, ['cancelled']],
    [{ status: 'pending_payment', park_id: 'osh' }, ['late', 'early']],
    [{ status: 'pending_payment', visit_date: '2026-12-08' }, ['elsewhere']],
    [{ status: 'active' }, []],
  ])('narrows the list to %o', async (query, names) => {
    expect(await find(office.admin, query)).toEqual(names);
  });

  test('finds one ticket by its id or its code, where the rest of the question fits too', async () => {
    const id = tickets['early'] ?? '';
    const code = await codeOf(id);
    expect(await find(manager, { park_id: 'osh', ticket_id: id })).toEqual(['early']);
    expect(await find(manager, { park_id: 'osh', qr_code: code })).toEqual(['early']);
    expect(await find(office.admin, { ticket_id: id, qr_code: code, status: 'pending_payment' })).toEqual(['early']);
    for (const other of [
      { park_id: 'karakol' },
      { visit_date: '2026-12-08' },
      { status: 'used' },
      { qr_code: 'another' },
      { phone: PHONE },
    ]) {
      expect(await find(office.admin, { ticket_id: id, ...other })).toEqual([]);
    }
    expect(await find(office.admin, { ticket_id: ids.next() })).toEqual([]);
  });

  async function codeOf(ticketId: string): Promise<string> {
    const { body } = await search(office.admin, { ticket_id: ticketId });
    return String((body['items'] as { readonly qr_code: string }[])[0]?.qr_code);
  }

  test('finds the tickets of a whole number, and every such search is on record', async () => {
    office.lookedUp.length = 0;
    expect(await find(office.admin, { phone: PHONE })).toEqual(['late', 'elsewhere']);
    expect(await find(manager, { phone: PHONE, park_id: 'osh' })).toEqual(['late']);
    expect(await find(office.admin, { phone: '+996555000000' })).toEqual([]);
    expect(office.lookedUp).toEqual([
      `${PHONE} by ${office.admin}`,
      `${PHONE} by ${manager}`,
      `+996555000000 by ${office.admin}`,
    ]);
    await find(manager, { park_id: 'osh' });
    expect(office.lookedUp).toHaveLength(3);
  });

  test('names children by their first name, and shows no code that lets anybody in', async () => {
    const { body } = await search(manager, { park_id: 'osh', visit_date: '2026-12-07' });
    const [item] = body['items'] as object[];
    expect(item).toMatchObject({ children: [{ first_name: 'Aibek', age_band: '3-6' }], people: 2, price: '350.00' });
    expect(JSON.stringify(body)).not.toMatch(/Asanov|2021|admission_code/);
  });

  describe('goes page by page', () => {
    test('to the end, each ticket once, also where days are the same', async () => {
      const guest = office.person();
      const more = [await buy(guest, 'ala-archa', '2026-12-10'), await buy(guest, 'ala-archa', '2026-12-10')];
      const found: string[] = [];
      let cursor = '';
      for (let pages = 0; pages < 4; pages += 1) {
        const query = { park_id: 'ala-archa', limit: '1', ...(cursor === '' ? {} : { cursor }) };
        const { body } = await search(office.admin, query);
        found.push(...(body['items'] as Found[]).map(({ id }) => id));
        if (typeof body['next_cursor'] !== 'string') break;
        cursor = body['next_cursor'];
      }
      expect(found).toEqual(more.toReversed());
    });

    test('only by cursors of this list', async () => {
      for (const key of ['admin-tickets:2026-12-08', 'admin-tickets:2026-13-01/x', `tickets:${ids.next()}`]) {
        const cursor = Buffer.from(key).toString('base64url');
        expect(await search(office.admin, { cursor })).toMatchObject({ status: 400 });
      }
    });
  });

  test.each<[Readonly<Record<string, string>>, string]>([
    [{ phone: 'no number' }, 'phone'],
    [{ visit_date: '2026-02-30' }, 'visit_date'],
    [{ status: 'lost' }, 'status'],
    [{ ticket_id: '7' }, 'ticket_id'],
    [{ qr_code: '' }, 'qr_code'],
    [{ park_id: 'Ош' }, 'park_id'],
  ])('refuses %o', async (query, path) => {
    const { status, body } = await search(office.admin, query);
    expect([status, (body['errors'] as { readonly path: string }[])[0]?.path]).toEqual([400, path]);
  });
});
