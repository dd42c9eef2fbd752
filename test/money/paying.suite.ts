import { expect } from 'vitest';
import { systemIds as ids } from '../../src/infrastructure/ids.ts';
import { PRICE_TYIYN } from '../../src/modules/booking/sales.suite.ts';

import {
  begin,
  bought,
  buy,
  deliver,
  HOLD_AND_GRACE_MS,
  meta,
  paid,
  takeTheLastPlace,
  type Scenario,
} from './money-steps.suite.ts';
export const paying: readonly Scenario[] = [
  {
    title: 'a payment that its message tells of, twice',
    async play(world) {
      const { ticketId, providerKey } = await bought(world, 'elqr');
      world.books.elqr.charge(providerKey);
      await deliver(world, 'elqr');
      await deliver(world, 'elqr');
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'a payment that is found by asking',
    async play(world) {
      const { ticketId } = await paid(world, 'elcard');
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'a payment that is declined, and the next one',
    async play(world) {
      const { userId, ticketId, providerKey } = await bought(world, 'elqr');
      world.books.elqr.decline(providerKey);
      await deliver(world, 'elqr');
      // What was kept when a process died is applied by the next one.
      await world.tell(({ turn }) => turn());
      const second = await begin(world, userId, ticketId, 'elqr');
      world.books.elqr.charge(second.providerKey);
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'a payment that nobody makes',
    async play(world) {
      const { ticketId } = await bought(world, 'elqr');
      world.clock.advance(HOLD_AND_GRACE_MS);
      return { ticketIds: [ticketId], becomes: 'held' };
    },
  },
  {
    title: 'money after the end, while there is a place',
    async play(world) {
      const { ticketId, providerKey } = await bought(world, 'elqr');
      world.clock.advance(HOLD_AND_GRACE_MS);
      await world.quiet();
      world.books.elqr.charge(providerKey);
      await deliver(world, 'elqr');
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  ...(['elqr', 'elcard'] as const).map((method): Scenario => ({
    title: `money after the end, when the place is gone, by ${method}`,
    quota: 1,
    async play(world) {
      const late = await bought(world, method);
      world.clock.advance(HOLD_AND_GRACE_MS);
      await world.quiet();
      const otherId = await takeTheLastPlace(world);
      await world.quiet();
      world.books[method].charge(late.providerKey);
      await deliver(world, method);
      await world.quiet();
      return { ticketIds: [late.ticketId, otherId], becomes: 'expired' };
    },
  })),
  {
    title: 'one ticket paid by both methods',
    async play(world) {
      const { userId, ticketId, providerKey } = await bought(world, 'elqr');
      const card = await begin(world, userId, ticketId, 'elcard');
      world.books.elqr.charge(providerKey);
      world.books.elcard.charge(card.providerKey);
      await deliver(world, 'elqr');
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'one order charged twice',
    async play(world) {
      const { ticketId, providerKey } = await bought(world, 'elqr');
      world.books.elqr.charge(providerKey);
      await deliver(world, 'elqr');
      world.books.elqr.charge(providerKey);
      await deliver(world, 'elqr');
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'a provider that is away when the payment begins',
    async play(world) {
      const { tell, books } = world;
      const userId = ids.next();
      const ticketId = await buy(world, userId);
      books.elqr.isAway = true;
      const asked = { ticketId, userId, method: 'elqr', returnUrl: undefined } as const;
      const started = await tell(({ startPayment }) => startPayment(asked, { ...meta, commandId: ids.next() }));
      expect(started).toMatchObject({ ok: false, refusal: { code: 'provider_unavailable', otherMethods: ['elcard'] } });
      const card = await begin(world, userId, ticketId, 'elcard');
      books.elcard.charge(card.providerKey);
      books.elqr.isAway = false;
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
];

const leftToStatement: readonly Scenario[] = [
  {
    title: 'a provider that cannot be asked, and tells',
    async play(world) {
      const { ticketId, providerKey } = await bought(world, 'elqr');
      world.books.elqr.charge(providerKey);
      await deliver(world, 'elqr');
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'a provider that cannot be asked, and tells long after the end',
    async play(world) {
      const { userId, ticketId, paymentId, providerKey } = await bought(world, 'elqr');
      const message = world.books.elqr.charge(providerKey);
      world.clock.advance(HOLD_AND_GRACE_MS);
      await world.quiet();
      expect((await world.ground.payments.find(paymentId))?.status).toBe('unknown');
      // Whoever might have paid is not asked for money again, not for this ticket by this method.
      const asked = { ticketId, userId, method: 'elqr', returnUrl: undefined } as const;
      const again = await world.tell(({ startPayment }) => startPayment(asked, { ...meta, commandId: ids.next() }));
      expect(again.ok).toBe(false);
      await deliver(world, 'elqr', message);
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'a provider that cannot be asked, whose statement tells',
    async play(world) {
      const { ticketId, paymentId, providerKey } = await bought(world, 'elqr');
      // A reference is one payment's, also where several lives of this story share a database.
      const says = { amountTyiyn: PRICE_TYIYN, reference: `elqr ${paymentId}` };
      const tell = (what: typeof says | null) =>
        world.tell(({ settleByStatement }) => settleByStatement({ paymentId, says: what }, meta));
      expect((await tell(null)).ok, 'while it can be paid it is in no doubt').toBe(false);
      world.clock.advance(HOLD_AND_GRACE_MS);
      await world.quiet();
      expect((await tell(null)).ok).toBe(true);
      world.books.elqr.charge(providerKey, says.reference);
      expect([(await tell(says)).ok, (await tell(says)).ok]).toEqual([true, true]);
      expect((await tell(null)).ok, 'what is paid is paid').toBe(false);
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'a provider that cannot be asked, whose message tells another sum',
    async play(world) {
      const { ticketId, paymentId, providerKey } = await bought(world, 'elqr');
      const { rawBody, headers } = world.books.elqr.charge(providerKey);
      const other = Buffer.from(
        Buffer.from(rawBody)
          .toString()
          .replace(`"${PRICE_TYIYN}"`, `"${PRICE_TYIYN * 100n}"`),
      );
      await deliver(world, 'elqr', { rawBody: other, headers });
      await world.tell(({ turn }) => turn());
      expect((await world.ground.payments.find(paymentId))?.status).toBe('unknown');
      await deliver(world, 'elqr', { rawBody, headers });
      return { ticketIds: [ticketId], becomes: 'active' };
    },
  },
  {
    title: 'a provider that cannot be asked, and an order that nobody was shown',
    async play(world) {
      const { tell, books } = world;
      const userId = ids.next();
      const ticketId = await buy(world, userId);
      books.elqr.isAway = true;
      const asked = { ticketId, userId, method: 'elqr', returnUrl: undefined } as const;
      await tell(({ startPayment }) => startPayment(asked, { ...meta, commandId: ids.next() }));
      world.clock.advance(HOLD_AND_GRACE_MS);
      await world.quiet();
      const [view] = await world.ground.payments.ofTicket(ticketId);
      expect(view?.status).toBe('failed');
      return { ticketIds: [ticketId], becomes: 'held' };
    },
  },
];
export const unasked = leftToStatement.map((scenario): Scenario => ({ ...scenario, isUnasked: true }));
