import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import type { Answer } from '../../../test/support/module-server.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { openPassOffice, PARKS, PHONE, SMALL_PARK, type PassOffice } from './passes.suite.ts';

const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
const VISIT_DAY_MS = Date.parse('2026-12-08T06:00:00Z');

const codesOf = (answers: readonly Answer[]) =>
  new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body['code']));
const made = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 201).map(({ body }) => body);
const dayOf = (index: number): string => `2026-12-${String(8 + index).padStart(2, '0')}`;

describeWithDatabase('passes', () => {
  let office: PassOffice;
  beforeAll(async () => {
    office = await openPassOffice();
  });
  afterAll(() => office?.close());
  beforeEach(() => office.clock.set(NOON_MS));

  describe('are given', () => {
    test('by whoever manages all of their parks, to an account by its id or its number', async () => {
      const guest = office.person();
      const answer = await office.post(office.manager(...PARKS), '/passes', office.order(guest));
      expect(answer).toMatchObject({
        status: 201,
        body: { user_id: guest, price: '3000.00', visits: 3, visits_booked: 0, visits_left: 3, cancelled: null },
      });
      const { user_id: _id, ...byNumber } = office.order(guest);
      const other = await office.post(office.admin, '/passes', { ...byNumber, phone: PHONE, visits: null, name: null });
      expect(other.body).toMatchObject({ user_id: office.phoneOwner, visits: null, visits_left: null, name: null });
    });

    test('to no account that never proved its number: whoever has the number may be somebody else', async () => {
      const stranger = office.person();
      office.unproven.add(stranger);
      const refused = { status: 409, body: { code: 'number_unproven' } };
      expect(await office.post(office.admin, '/passes', office.order(stranger))).toMatchObject(refused);
      expect((await office.get(stranger, '/passes')).body['items']).toEqual([]);
      office.unproven.delete(stranger);
      expect((await office.post(office.admin, '/passes', office.order(stranger))).status).toBe(201);
    });

    test('once, however often one request is sent, whatever the process', async () => {
      const guest = office.person();
      const key = ids.next();
      const given = await Promise.all(
        ([0, 1] as const).map((server) => office.post(office.admin, '/passes', office.order(guest), { server, key })),
      );
      expect(new Set(given.map(({ body }) => body['id'])).size).toBe(1);
      expect((await office.get(guest, '/passes')).body['items']).toHaveLength(1);
    });

    test.each<[string, object, number, string]>([
      ['of an unknown park', { park_ids: ['nowhere'] }, 404, 'park_not_found'],
      ['of no park', { park_ids: [] }, 400, 'validation_failed'],
      ['of one park twice', { park_ids: ['osh', 'osh'] }, 400, 'validation_failed'],
      ['for an unknown account', { user_id: ids.next() }, 404, 'user_not_found'],
      ['for two accounts', { phone: PHONE }, 400, 'validation_failed'],
      ['that ends before it begins', { valid_to: '2026-12-04' }, 400, 'validation_failed'],
      ['of no visits', { visits: 0 }, 400, 'validation_failed'],
      ['of half a visit', { visits: 1.5 }, 400, 'validation_failed'],
      ['for more than ten people', { people: 11 }, 400, 'validation_failed'],
      ['at no sum', { price: '-5.00' }, 400, 'validation_failed'],
      ['without a reference of the payment', { payment_reference: '' }, 400, 'validation_failed'],
      ['with a field nobody knows', { status: 'active' }, 400, 'validation_failed'],
    ])('not %s', async (_what, change, status, code) => {
      const answer = await office.post(office.admin, '/passes', office.order(office.person(), change));
      expect(answer).toMatchObject({ status, body: { code } });
    });

    test('not by guests, nor by a manager of some of the parks', async () => {
      const guest = office.person();
      for (const somebody of [guest, office.manager(), office.manager('osh'), office.manager('osh', 'karakol')]) {
        expect(await office.post(somebody, '/passes', office.order(guest))).toMatchObject({ status: 403 });
      }
    });
  });

  describe('are seen', () => {
    test('by their owner and the staff of their parks; to others there is none', async () => {
      const guest = office.person();
      const passId = await office.issue(guest, { park_ids: ['osh'] });
      for (const [somebody, status] of [
        [guest, 200],
        [office.manager('osh'), 200],
        [office.admin, 200],
        [office.person(), 404],
        [office.manager('karakol'), 404],
      ] as const) {
        expect((await office.get(somebody, `/passes/${passId}`)).status).toBe(status);
      }
      expect((await office.get(guest, `/passes/${ids.next()}`)).body['code']).toBe('pass_not_found');
    });

    test('newest first, a page at a time; a manager names the guest and sees those of the own parks', async () => {
      const guest = office.person();
      const given = [
        await office.issue(guest, { park_ids: ['osh'] }),
        await office.issue(guest, { park_ids: ['karakol'] }),
      ];
      const idsOf = ({ body }: Answer) => (body['items'] as { id: string }[]).map(({ id }) => id);
      expect(idsOf(await office.get(guest, '/passes'))).toEqual(given.toReversed());
      const first = await office.get(guest, '/passes?limit=1');
      expect(idsOf(await office.get(guest, `/passes?limit=1&cursor=${String(first.body['next_cursor'])}`))).toEqual([
        given[0],
      ]);
      expect(idsOf(await office.get(office.manager('osh'), `/passes?user_id=${guest}`))).toEqual([given[0]]);
      expect(idsOf(await office.get(office.admin, `/passes?user_id=${guest}`))).toEqual(given.toReversed());
      expect((await office.get(office.person(), `/passes?user_id=${guest}`)).status).toBe(403);
    });
  });

  describe('a visit', () => {
    test('is quoted at nothing and booked as an active ticket with its code', async () => {
      const guest = office.person();
      const passId = await office.issue(guest);
      expect(await office.post(guest, '/tickets/quote', office.visit(passId))).toMatchObject({
        status: 200,
        body: { price: '0.00', price_breakdown: [{ kind: 'pass', quantity: 2, amount: '0.00' }] },
      });
      expect(await office.left(guest, passId)).toBe(3);
      const booked = await office.book(guest, passId);
      const ticket = { status: 'active', ticket_type: 'single', price: '0.00', paid: '0.00', pass_id: passId };
      expect(booked).toMatchObject({ status: 201, body: ticket });
      const shown = await office.get(guest, `/tickets/${String(booked.body['id'])}`);
      expect(shown.body).toEqual(booked.body);
      expect(await office.left(guest, passId)).toBe(2);
    });

    test.each<[string, object, number, object]>([
      ['with a promo code', { promo_code: 'WINTER26' }, 400, { errors: [{ path: 'promo_code' }] }],
      ['with points', { points: 5 }, 400, { errors: [{ path: 'points' }] }],
      ['as a group', { ticket_type: 'group' }, 400, { errors: [{ path: 'ticket_type' }] }],
      ['in another park', { park_id: SMALL_PARK }, 409, { code: 'pass_not_valid', why: 'park' }],
      ['after its last day', { visit_date: '2027-03-01' }, 409, { code: 'pass_not_valid', why: 'dates' }],
      ['for more people than it is for', { adults: 2 }, 409, { code: 'pass_not_valid', why: 'people' }],
    ])('%s is refused, quoted or booked', async (_what, change, status, body) => {
      const guest = office.person();
      const passId = await office.issue(guest);
      for (const path of ['/tickets', '/tickets/quote']) {
        expect(await office.post(guest, path, office.visit(passId, change))).toMatchObject({ status, body });
      }
      expect(await office.left(guest, passId)).toBe(3);
    });

    test('of a foreign pass, or of something that is none, is refused as if there were none', async () => {
      const guest = office.person();
      const foreign = await office.issue(office.person());
      const ticketId = String((await office.book(guest, await office.issue(guest))).body['id']);
      for (const passId of [foreign, ticketId, ids.next()]) {
        for (const path of ['/tickets', '/tickets/quote']) {
          const answer = await office.post(guest, path, office.visit(passId, { visit_date: '2026-12-09' }));
          expect(answer).toMatchObject({ status: 404, body: { code: 'pass_not_found' } });
        }
      }
    });

    test('that finds no place uses none of the pass', async () => {
      const guest = office.person();
      const passId = await office.issue(guest, { park_ids: [SMALL_PARK] });
      const other = office.person();
      await office.book(other, await office.issue(other, { park_ids: [SMALL_PARK] }), { park_id: SMALL_PARK });
      const answer = await office.book(guest, passId, { park_id: SMALL_PARK });
      expect(answer).toMatchObject({ status: 409, body: { code: 'park_at_capacity' } });
      expect(await office.left(guest, passId)).toBe(3);
    });

    test('is booked once, however often one request is sent', async () => {
      const guest = office.person();
      const passId = await office.issue(guest);
      const key = ids.next();
      const sent = await Promise.all(
        ([0, 1] as const).map((server) => office.post(guest, '/tickets', office.visit(passId), { server, key })),
      );
      expect(new Set(sent.map(({ body }) => body['id'])).size).toBe(1);
      expect(await office.left(guest, passId)).toBe(2);
    });
  });

  describe('at the same moment', () => {
    test('twenty visits on twenty days in three parks and two processes: a pass of three gives three', async () => {
      const guest = office.person();
      const passId = await office.issue(guest);
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const visit = { park_id: PARKS[index % 3], visit_date: dayOf(index) };
          return office.book(guest, passId, visit, index % 2 === 0 ? 0 : 1);
        }),
      );
      expect(made(answers)).toHaveLength(3);
      expect(codesOf(answers)).toEqual(new Set(['pass_used_up']));
      expect(await office.left(guest, passId)).toBe(0);
    });

    test('twenty visits on one day in three parks and two processes: an unlimited pass gives one', async () => {
      const guest = office.person();
      const passId = await office.issue(guest, { visits: null });
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          office.book(guest, passId, { park_id: PARKS[index % 3] }, index % 2 === 0 ? 0 : 1),
        ),
      );
      expect(made(answers)).toHaveLength(1);
      expect(codesOf(answers)).toEqual(new Set(['pass_day_taken']));
    });
  });

  describe('a visit that is cancelled', () => {
    async function bookedVisit() {
      const guest = office.person();
      const passId = await office.issue(guest, { visits: 1 });
      const ticketId = String((await office.book(guest, passId)).body['id']);
      const cancel = () => office.post(guest, `/tickets/${ticketId}/cancel`, {});
      return { guest, passId, ticketId, cancel };
    }

    test('before its day comes back once, and its day can be booked again', async () => {
      const { guest, passId, cancel } = await bookedVisit();
      expect((await office.book(guest, passId, { visit_date: '2026-12-09' })).body['code']).toBe('pass_used_up');
      const answers = await Promise.all([cancel(), cancel()]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(await office.left(guest, passId)).toBe(1);
      expect((await office.book(guest, passId)).status).toBe(201);
      await cancel();
      expect(await office.left(guest, passId)).toBe(0);
    });

    test('because its day is closed comes back, also on the day; by staff on the day it does not', async () => {
      const [closed, late] = [await bookedVisit(), await bookedVisit()];
      office.clock.set(VISIT_DAY_MS);
      expect((await office.cancelAs('day_closed', closed.ticketId)).ok).toBe(true);
      expect((await office.cancelAs('staff', late.ticketId)).ok).toBe(true);
      expect(await office.left(closed.guest, closed.passId)).toBe(1);
      expect(await office.left(late.guest, late.passId)).toBe(0);
    });

    test('moved, it keeps its visit and takes the new day', async () => {
      const guest = office.person();
      const passId = await office.issue(guest);
      const ticketId = String((await office.book(guest, passId)).body['id']);
      await office.book(guest, passId, { visit_date: '2026-12-09' });
      const move = (visitDate: string) => office.post(guest, `/tickets/${ticketId}/move`, { visit_date: visitDate });
      expect((await move('2026-12-09')).body['code']).toBe('pass_day_taken');
      expect((await move('2027-03-01')).body).toMatchObject({ code: 'pass_not_valid', why: 'dates' });
      expect(await move('2026-12-10')).toMatchObject({ status: 200, body: { price: '0.00', pass_id: passId } });
      expect(await office.left(guest, passId)).toBe(1);
      expect((await office.book(guest, passId, { visit_date: '2026-12-10' })).body['code']).toBe('pass_day_taken');
      expect((await office.book(guest, passId)).status).toBe(201);
    });
  });

  test('a pass that staff cancels gives no more visits; what is booked stays', async () => {
    const guest = office.person();
    const passId = await office.issue(guest);
    const ticketId = String((await office.book(guest, passId)).body['id']);
    const path = `/passes/${passId}/cancel`;
    const reason = 'Issued to the wrong account';
    expect((await office.post(guest, path, { reason })).status).toBe(403);
    expect((await office.post(office.manager('osh'), path, { reason })).status).toBe(403);
    expect((await office.post(office.manager(SMALL_PARK), path, { reason })).status).toBe(404);
    expect((await office.post(office.admin, path, {})).status).toBe(400);
    const done = await office.post(office.manager(...PARKS), path, { reason });
    expect(done).toMatchObject({ status: 200, body: { cancelled: { reason, at: '2026-12-05T06:00:00.000Z' } } });
    expect(await office.post(office.admin, path, { reason: 'again' })).toMatchObject({ body: done.body });
    const refused = await office.book(guest, passId, { visit_date: '2026-12-09' });
    expect(refused.body).toMatchObject({ code: 'pass_not_valid', why: 'cancelled' });
    expect((await office.get(guest, `/tickets/${ticketId}`)).body['status']).toBe('active');
  });

  test('rebuilt in ranges of any size the read model is the same rows, and no reason stands in it', async () => {
    const live = await office.opened.rows();
    expect(live['booking.passes']?.length).toBeGreaterThan(10);
    expect(live['booking.pass_visits']?.length).toBeGreaterThan(10);
    expect(JSON.stringify(live)).not.toContain('wrong account');
    for (const batch of [1, 7, 100_000]) {
      await office.opened.rebuild(batch);
      expect(await office.opened.rows()).toEqual(live);
    }
    await office.opened.replay(1, 100_000);
    expect(await office.opened.rows()).toEqual(live);
  });
});
