import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { openPassOffice, SMALL_PARK, type PassOffice } from './passes.suite.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const VISIT_DAY_MS = Date.parse('2026-12-08T06:00:00Z');

describeWithDatabase('cancelling and moving over HTTP', () => {
  let office: PassOffice;
  beforeAll(async () => {
    office = await openPassOffice();
  });
  afterAll(() => office?.close());
  beforeEach(() => office.clock.set(NOON_MS));

  /** A ticket for a child that turns three on 10 December: 150 som before, 350 from then on. */
  async function buy(parkId = 'osh', userId = office.person()) {
    const children = [{ name: 'Aibek', birth_date: '2023-12-10' }];
    const visit = { park_id: parkId, visit_date: '2026-12-08', children };
    return { userId, id: String((await office.post(userId, '/tickets', visit)).body['id']) };
  }
  async function buyAndPay(parkId = 'osh') {
    const bought = await buy(parkId);
    expect(await office.pay(bought.id, ids.next(), 15_000n)).toMatchObject({ ok: true });
    return bought;
  }
  const cancel = (userId: string, id: string, body: object = {}) => office.post(userId, `/tickets/${id}/cancel`, body);
  const move = (userId: string, id: string, visit_date: string) =>
    office.post(userId, `/tickets/${id}/move`, { visit_date });

  describe('a cancellation is refused', () => {
    test('for a ticket of somebody else, or of nobody', async () => {
      const { id } = await buy();
      for (const ticketId of [id, ids.next()]) {
        const answer = await cancel(office.person(), ticketId);
        expect(answer).toMatchObject({ status: 404, body: { code: 'ticket_not_found' } });
      }
    });

    test('once the hold has ended, and on the day of the visit', async () => {
      const [unpaid, paid] = [await buy(), await buyAndPay()];
      office.clock.set(VISIT_DAY_MS);
      expect(await cancel(unpaid.userId, unpaid.id)).toMatchObject({
        status: 409,
        body: { code: 'ticket_not_cancellable', ticket_status: 'expired' },
      });
      expect(await cancel(paid.userId, paid.id)).toMatchObject({
        status: 409,
        body: { code: 'only_staff_cancels_today' },
      });
    });

    test.each([{ reason: '' }, { reason: 'x'.repeat(501) }, { reason: 7 }, { override: true }])(
      'with a body like %o',
      async (body) => {
        const { userId, id } = await buy();
        expect(await cancel(userId, id, body)).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
      },
    );
  });

  describe('a move is refused', () => {
    test('for a ticket of somebody else, or of nobody', async () => {
      const { id } = await buyAndPay();
      for (const ticketId of [id, ids.next()]) {
        const answer = await move(office.person(), ticketId, '2026-12-09');
        expect(answer).toMatchObject({ status: 404, body: { code: 'ticket_not_found' } });
      }
    });

    test('unpaid, a second time, and on the day of the visit', async () => {
      const [unpaid, moved, late] = [await buy(), await buyAndPay(), await buyAndPay()];
      expect(await move(unpaid.userId, unpaid.id, '2026-12-09')).toMatchObject({
        status: 409,
        body: { code: 'ticket_not_movable', ticket_status: 'held' },
      });
      expect(await move(moved.userId, moved.id, '2026-12-09')).toMatchObject({
        status: 200,
        body: { visit_date: '2026-12-09', moved_from: '2026-12-08', pending_move: null },
      });
      expect(await move(moved.userId, moved.id, '2026-12-07')).toMatchObject({
        status: 409,
        body: { code: 'already_moved' },
      });
      office.clock.set(VISIT_DAY_MS);
      expect(await move(late.userId, late.id, '2026-12-09')).toMatchObject({
        status: 409,
        body: { code: 'too_late_to_move' },
      });
    });

    test('while another one waits for its difference, which the ticket shows', async () => {
      const { userId, id } = await buyAndPay();
      const waiting = await move(userId, id, '2026-12-12');
      const pending = { visit_date: '2026-12-12', price: '350.00', amount_due: '200.00' };
      expect(waiting).toMatchObject({ status: 200, body: { visit_date: '2026-12-08', pending_move: pending } });
      expect((await move(userId, id, '2026-12-12')).body).toEqual(waiting.body);
      expect(await move(userId, id, '2026-12-13')).toMatchObject({
        status: 409,
        body: { code: 'move_in_progress', expires_at: '2026-12-05T06:15:00.000Z' },
      });
    });

    test('to a day that is full, or that nobody can book', async () => {
      const { userId, id } = await buyAndPay(SMALL_PARK);
      const party = { park_id: SMALL_PARK, visit_date: '2026-12-09', children: [{ name: 'A', age: 5 }], adults: 1 };
      expect((await office.post(office.person(), '/tickets', party)).status).toBe(201);
      expect(await move(userId, id, '2026-12-09')).toMatchObject({
        status: 409,
        body: { code: 'park_at_capacity', remaining: 0 },
      });
      expect(await move(userId, id, '2027-12-09')).toMatchObject({ body: { code: 'date_not_bookable' } });
      expect(await move(userId, id, '2026-02-30')).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
    });
  });
});
