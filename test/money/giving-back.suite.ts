import { expect } from 'vitest';
import { systemIds as ids } from '../../src/infrastructure/ids.ts';
import { PRICE_TYIYN } from '../../src/modules/booking/sales.suite.ts';
import { GOODWILL } from './money-rules.suite.ts';

import { meta, paid, type Scenario } from './money-steps.suite.ts';
export const givingBack: readonly Scenario[] = [
  {
    title: 'a cancelled ticket whose provider gives back',
    async play(world) {
      const { userId, ticketId } = await paid(world, 'elcard');
      await world.tell(({ office }) => office.cancel(ticketId, userId));
      return { ticketIds: [ticketId], becomes: 'refunded' };
    },
  },
  {
    title: 'a part by a manager, told twice',
    async play(world) {
      const { ticketId, paymentId } = await paid(world, 'elcard');
      const refund = { paymentId, refundId: ids.next(), amountTyiyn: 10_000n, reason: GOODWILL };
      for (let told = 0; told < 2; told += 1) {
        const asked = await world.tell(({ askForRefund }) =>
          askForRefund(refund, { ...meta, commandId: refund.refundId }),
        );
        expect(asked.ok).toBe(true);
      }
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'a part by a manager, then the rest with the ticket',
    async play(world) {
      const { userId, ticketId, paymentId } = await paid(world, 'elcard');
      const refund = { paymentId, refundId: ids.next(), amountTyiyn: 10_000n, reason: GOODWILL };
      await world.tell(({ askForRefund }) => askForRefund(refund, meta));
      await world.tell(({ office }) => office.cancel(ticketId, userId));
      return { ticketIds: [ticketId], becomes: 'refunded' };
    },
  },
  {
    title: 'a cancelled ticket whose provider gives nothing back, paid out by a person',
    async play(world) {
      const { userId, ticketId, paymentId } = await paid(world, 'elqr');
      await world.tell(({ office }) => office.cancel(ticketId, userId));
      await world.quiet();
      const { refundId = '' } = (await world.paymentOf(paymentId)).refunds[0] ?? {};
      const payOut = { paymentId, refundId, reference: 'transfer 7' };
      // Told again after an answer that was lost, it is out already: nobody pays it a second time.
      const out = await world.tell(({ payOutRefund }) => payOutRefund(payOut, meta));
      if (!out.ok) expect([out.refusal.code, world.deaths() > 0]).toEqual(['refund_not_manual', true]);
      return { ticketIds: [ticketId], becomes: 'refunded' };
    },
  },
];

export const atTheDesk: readonly Scenario[] = [
  {
    title: 'a cash sale in a shift, its refund from the till, and the close',
    async play({ tell, parkId, quiet, ground }) {
      const cashier = { parkId, cashierId: ids.next() };
      const open = { ...meta, commandId: ids.next() };
      const opened = await tell(({ tills }) => tills.open({ ...cashier, floatTyiyn: 100_000n }, open));
      if (!opened.ok) throw new Error(opened.refusal.code);
      const { shiftId } = opened.value;
      const sale = { ...cashier, children: [{ name: null, age: 5 }], adults: 0, payment: { method: 'cash' } } as const;
      const commandId = ids.next();
      const sell = () => tell(({ sellAtDesk }) => sellAtDesk(sale, { ...meta, commandId }));
      const [first, again] = [await sell(), await sell()];
      if (!first.ok || !again.ok || first.value.payment === null) throw new Error('the sale was refused');
      expect(again.value.ticket.ticketId).toBe(first.value.ticket.ticketId);
      const { ticketId } = first.value.ticket;
      const { paymentId, amountTyiyn } = first.value.payment;
      const refundId = ids.next();
      const refund = { paymentId, refundId, amountTyiyn: null, reason: GOODWILL };
      await tell(({ askForRefund }) => askForRefund(refund, meta));
      await quiet();
      await tell(({ tills }) => tills.payOutInCash({ ...cashier, paymentId, refundId, amountTyiyn }, meta));
      const close = { ...cashier, shiftId, countedTyiyn: 100_000n };
      expect((await tell(({ tills }) => tills.close(close, meta))).ok).toBe(true);
      const moves = (await ground.store.load(shiftId)).events.map(({ type, data }) => [type, data['amountTyiyn']]);
      expect(moves).toEqual([
        ['ShiftOpened', undefined],
        ['CashTaken', PRICE_TYIYN.toString()],
        ['CashPaidOut', PRICE_TYIYN.toString()],
        ['ShiftClosed', undefined],
      ]);
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'a sale by ELQR while the provider is away, then again',
    async play(world) {
      const { tell, parkId, books, ground } = world;
      const sale = {
        parkId,
        cashierId: ids.next(),
        children: [{ name: null, age: 5 }],
        adults: 0,
        payment: { method: 'elqr' },
      } as const;
      const commandId = ids.next();
      const sell = () => tell(({ sellAtDesk }) => sellAtDesk(sale, { ...meta, commandId }));
      books.elqr.isAway = true;
      expect((await sell()).ok).toBe(false);
      books.elqr.isAway = false;
      let sold = await sell();
      while (sold.ok && sold.value.payment?.action === null) sold = await sell();
      if (!sold.ok) throw new Error(sold.refusal.code);
      const open = await ground.payments.unsettled(null, 1000, []);
      const mine = open.find(({ paymentId }) => sold.ok && paymentId === sold.value.payment?.paymentId);
      books.elqr.charge(mine?.providerKey ?? '');
      return { ticketIds: [sold.value.ticket.ticketId], becomes: 'active' };
    },
  },
];
