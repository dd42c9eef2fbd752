import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { openModuleDatabase, type ModuleDatabase, type TestNode } from '../../../test/support/module-database.ts';
import { createManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import { ledgerManifest } from './module.ts';
import { BOUGHT_MS, createTeller, tyiyn, type Teller, type Visit } from './visits.suite.ts';

const clock = createManualClock(BOUGHT_MS);

describeWithDatabase('the ledger', () => {
  let opened: ModuleDatabase;
  let node: TestNode;
  let teller: Teller;
  beforeAll(async () => {
    opened = await openModuleDatabase(ledgerManifest, clock);
    node = await opened.startNode();
    teller = createTeller(node);
  });
  afterAll(() => opened?.close());
  const sold = () => teller.sold();

  describe('books', () => {
    test('money that came as received, until it is known what it buys, and then as deferred', async () => {
      const one = teller.visit();
      await one.book();
      await one.pay();
      expect(await one.balances()).toEqual({ 'clearing:elqr': 350, received: -350 });
      await one.buy();
      expect(await one.balances()).toEqual({ 'clearing:elqr': 350, deferred_revenue: -350 });
    });

    test('the whole ticket as earned when the first of its party comes in, and nothing when others follow', async () => {
      const one = await sold();
      await one.admit();
      const earned = { 'clearing:elqr': 350, revenue: -350 };
      expect(await one.balances()).toEqual(earned);
      await one.admit();
      expect(await one.balances()).toEqual(earned);
    });

    test('what a dearer day cost more as deferred too, and earns both at once', async () => {
      const one = await sold();
      await one.moveDearer(100);
      expect(await one.balances()).toMatchObject({ 'clearing:elcard': 100, deferred_revenue: -450 });
      await one.admit();
      expect(await one.balances()).toMatchObject({ revenue: -450 });
    });

    test('an unused day as a no-show, and a visit that was told too late as a visit after all', async () => {
      const one = await sold();
      await one.endDay();
      expect(await one.balances()).toEqual({ 'clearing:elqr': 350, 'revenue:no_show': -350 });
      await one.admit();
      expect(await one.balances()).toEqual({ 'clearing:elqr': 350, revenue: -350 });
    });

    test('no no-show for a ticket that was used', async () => {
      const one = await sold();
      await one.admit();
      await one.endDay();
      expect(await one.balances()).toEqual({ 'clearing:elqr': 350, revenue: -350 });
    });

    test.each([
      ['deferred_revenue', async () => undefined],
      ['revenue', (one: Visit) => one.admit()],
      ['revenue:no_show', (one: Visit) => one.endDay()],
    ])('a refund against %s, owed until it is out', async (account, before) => {
      const one = await sold();
      await before(one);
      await one.askBack(100);
      expect(await one.balances()).toEqual({ 'clearing:elqr': 350, [account]: -250, refunds_payable: -100 });
      await one.sendBack(100);
      expect(await one.balances()).toEqual({ 'clearing:elqr': 250, [account]: -250 });
    });

    test('what staff gave back before the visit is never earned', async () => {
      const one = await sold();
      await one.askBack(100);
      await one.admit();
      expect(await one.balances()).toMatchObject({ revenue: -250 });
    });

    test('a refund that a person paid out apart from the provider, who still has the money', async () => {
      const one = await sold();
      await one.askBack(350);
      await one.failRefund();
      await one.sendBack(350);
      expect(await one.balances()).toEqual({ 'clearing:by_hand': -350, 'clearing:elqr': 350 });
    });

    test('money that made no ticket valid in suspense, until it is owed back', async () => {
      const one = teller.visit();
      await one.book();
      const paid = await one.pay();
      await one.refuse();
      expect(await one.balances()).toEqual({ 'clearing:elqr': 350, suspense: -350 });
      await one.askBack(350, paid);
      expect(await one.balances()).toEqual({ 'clearing:elqr': 350, refunds_payable: -350 });
    });

    test('money that did not fit in suspense, and never against the ticket', async () => {
      const one = await sold();
      const misfit = await one.misfit(350);
      expect(await one.balances()).toEqual({ 'clearing:elqr': 700, deferred_revenue: -350, suspense: -350 });
      await one.askBack(350, misfit);
      expect(await one.balances()).toEqual({ 'clearing:elqr': 700, deferred_revenue: -350, refunds_payable: -350 });
    });

    test('dollars apart from som, and a charge that was told differently not at all', async () => {
      const one = await sold();
      await one.misfit(5, { currency: 'USD' });
      await one.misfit(340, { why: 'told_differently' });
      expect(await one.balances()).toMatchObject({ 'clearing:elqr': 350, 'clearing:foreign': 5, suspense: -5 });
    });

    test('nothing for a ticket that cost nothing', async () => {
      const one = teller.visit();
      const place = { ticketId: one.ticketId, parkId: one.parkId, visitDate: '2026-12-08', places: 2 };
      const free = { paymentId: null, paidTyiyn: '0', activatedAtMs: BOUGHT_MS };
      await teller.happened([
        [one.ticketId, 'TicketHeld', { ...place, priceTyiyn: '0' }],
        [one.ticketId, 'TicketActivated', { ...place, ...free }],
      ]);
      await one.admit();
      expect(await one.balances()).toEqual({});
    });

    test('a sale in cash into its till, and what counting showed when the till is closed', async () => {
      const { parkId, ticketId, paymentId, balances } = teller.visit();
      const shiftId = ids.next();
      await teller.happened([
        [shiftId, 'ShiftOpened', { shiftId, parkId, floatTyiyn: tyiyn(1000), openedAtMs: BOUGHT_MS }],
      ]);
      const amountTyiyn = tyiyn(350);
      const paid = { paymentId, ticketId, amountTyiyn };
      const place = { ticketId, parkId, visitDate: '2026-12-05', places: 2 };
      // As the desk stores it: the ticket first, all in one append.
      await teller.happened([
        [ticketId, 'TicketHeld', { ...place, priceTyiyn: amountTyiyn }],
        [ids.next(), 'TicketActivated', { ...place, paymentId, paidTyiyn: amountTyiyn, activatedAtMs: BOUGHT_MS }],
        [paymentId, 'PaymentIntended', { ...paid, parkId, method: 'cash' }],
        [ids.next(), 'PaymentSucceeded', { ...paid, succeededAtMs: BOUGHT_MS }],
        [shiftId, 'CashTaken', { shiftId, ...paid, takenAtMs: BOUGHT_MS }],
      ]);
      const counted = { expectedTyiyn: tyiyn(1350), countedTyiyn: tyiyn(1340), differenceTyiyn: tyiyn(-10) };
      expect(await balances()).toMatchObject({ till: 1350, safe: -1000 });
      await teller.happened([[shiftId, 'ShiftClosed', { shiftId, ...counted, closedAtMs: BOUGHT_MS }]]);
      const { till, safe, cash_differences: missing } = await balances();
      expect([till, safe, missing]).toEqual([undefined, 340, 10]);
    });
  });

  describe('is guarded by the database', () => {
    test.each([
      'insert into ledger.entries select * from ledger.entries limit 1',
      'delete from ledger.entries',
      'update ledger.totals set debit_tyiyn = 0',
    ])('against the program itself, which may only read: %s', async (sql) => {
      await expect(node.database.rows(statement(`test.${sql.slice(0, 20)}`, sql))).rejects.toThrow('permission denied');
    });

    test('against its owner, before and after a rebuild: nothing is changed, and nothing is out of balance', async () => {
      const live = await opened.rows();
      for (const round of ['as migrated', 'rebuilt']) {
        await expect(opened.asOwner('update ledger.entries set amount_tyiyn = 1'), round).rejects.toThrow(
          'append-only',
        );
        await expect(opened.asOwner('delete from ledger.entries'), round).rejects.toThrow('append-only');
        await expect(opened.asOwner('truncate ledger.entries'), round).rejects.toThrow('append-only');
        const lonely = `insert into ledger.entries (position, line, account, amount_tyiyn, day, booked_day, park_id, event_type)
          values (999999, 1, 'revenue', 1, '2026-12-05', '2026-12-05', 'park', 'Test')`;
        await expect(opened.asOwner(lonely), round).rejects.toThrow('out of balance');
        await opened.rebuild(7);
      }
      expect(await opened.rows()).toEqual(live);
    });
  });
});
