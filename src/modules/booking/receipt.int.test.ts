import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { openPassOffice, type PassOffice } from './passes.suite.ts';

describeWithDatabase('the receipt of a ticket', () => {
  let office: PassOffice;
  beforeAll(async () => {
    office = await openPassOffice();
  });
  afterAll(() => office?.close());

  const receiptOf = (token: string, ticketId: string, headers: Readonly<Record<string, string>> = {}) =>
    office.get(token, `/tickets/${ticketId}/receipt`, headers);

  async function buy(): Promise<{ readonly guest: string; readonly ticketId: string }> {
    const guest = office.person();
    const visit = { park_id: 'osh', visit_date: '2026-12-08', children: [{ name: 'Aibek', age: 5 }] };
    return { guest, ticketId: String((await office.post(guest, '/tickets', visit)).body['id']) };
  }

  async function buyAndPay() {
    const { guest, ticketId } = await buy();
    const paymentId = ids.next();
    await office.pay(ticketId, paymentId);
    const receivedAtMs = office.clock.now();
    office.money.set(ticketId, [
      { paymentId, method: 'elqr', amountTyiyn: 35_000n, reference: 'finik 17', receivedAtMs, refunds: [] },
    ]);
    return { guest, ticketId, paymentId };
  }

  test('is shown to its owner and to the staff of its park; to others there is no such ticket', async () => {
    const { guest, ticketId, paymentId } = await buyAndPay();
    const shown = await receiptOf(guest, ticketId);
    expect(shown).toMatchObject({
      status: 200,
      headers: { vary: expect.stringContaining('Accept-Language') as string },
      body: {
        title: 'Receipt',
        ticket_id: ticketId,
        park: { id: 'osh', name: 'osh', address: 'by osh' },
        visit_day: '8 December 2026',
        lines: [{ kind: 'child_over_3', quantity: 1, unit_price_text: 'KGS 350', amount: '350.00' }],
        payments: [{ id: paymentId, reference: 'finik 17', received_at_text: '5 December 2026, 12:00' }],
        refunds: [],
      },
    });
    expect(shown.body['number']).toBe((await office.get(guest, `/tickets/${ticketId}`)).body['qr_code']);
    const staff = (['gate', 'manager', 'finance'] as const).map((role) => office.person({ role, parkId: 'osh' }));
    for (const token of [...staff, office.admin]) expect((await receiptOf(token, ticketId)).body).toEqual(shown.body);
    for (const token of [office.person(), office.manager('karakol')]) {
      expect(await receiptOf(token, ticketId)).toMatchObject({ status: 404, body: { code: 'ticket_not_found' } });
    }
    expect(await receiptOf(guest, ids.next())).toMatchObject({ status: 404 });
  });

  test.each([
    ['ru', 'Чек', 'osh (ru)', '8 декабря 2026\u00A0г.'],
    ['ky-KG, en;q=0.5', 'Чек', 'osh (ky)', '2026-ж., 8-декабрь'],
    ['de', 'Receipt', 'osh', '8 December 2026'],
  ])('is written in the language of %s', async (language, title, name, day) => {
    const { guest, ticketId } = await buyAndPay();
    const { body } = await receiptOf(guest, ticketId, { 'accept-language': language });
    expect(body).toMatchObject({ title, park: { name }, visit_day: day });
  });

  test('is refused while the ticket is unpaid, and once it ended unpaid', async () => {
    const { guest, ticketId } = await buy();
    expect(await receiptOf(guest, ticketId)).toMatchObject({ status: 409, body: { code: 'not_paid' } });
    await office.post(guest, `/tickets/${ticketId}/cancel`, {});
    expect(await receiptOf(guest, ticketId)).toMatchObject({ status: 409, body: { code: 'not_paid' } });
  });

  test('is there for the visit of a pass, which costs nothing', async () => {
    const guest = office.person();
    const booked = await office.book(guest, await office.issue(guest));
    expect(await receiptOf(guest, String(booked.body['id']))).toMatchObject({
      status: 200,
      body: { lines: [{ kind: 'pass', text: 'By pass', amount: '0.00' }], payments: [] },
    });
  });
});
