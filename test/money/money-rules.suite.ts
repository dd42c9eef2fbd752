import { expect } from 'vitest';
import { createCommandRunner } from '../../src/kernel/command-runner.ts';
import { systemIds as ids } from '../../src/infrastructure/ids.ts';
import { ticket } from '../../src/modules/booking/domain/ticket.ts';
import { capacityAccount } from '../../src/modules/booking/domain/capacity.ts';
import { sumOf } from '../../src/modules/payment/book-provider.suite.ts';
import { payment } from '../../src/modules/payment/domain/payment.ts';
import { isOpen, receivedTyiyn, type PaymentState } from '../../src/modules/payment/domain/payment-state.ts';
import { openPaymentName } from '../../src/modules/payment/application/settle-payment.ts';
import type { MoneyWorld } from './money-world.suite.ts';

/** Why staff give something back without any ticket being the reason. */
export const GOODWILL = 'goodwill';

const goingBack = ({ refunds }: PaymentState): bigint => sumOf(refunds.map(({ amountTyiyn }) => amountTyiyn));
const isOnline = ({ intent }: PaymentState): boolean => intent?.method === 'elqr' || intent?.method === 'elcard';

/** Everything that is true of money when nothing is under way any more, whatever died meanwhile. */
export async function expectMoneyToFit(world: MoneyWorld, ticketIds: readonly string[], dates: readonly string[]) {
  const { ground, books, clock, parkId, quota } = world;
  const { store, codec } = ground;
  const runner = createCommandRunner({ store, codec, ids, clock });
  const paymentIds = (await ground.payments.ofTickets(ticketIds)).map(({ paymentId }) => paymentId);
  const states = await Promise.all(paymentIds.map(async (id) => (await runner.stateOf(payment, id)).state));
  const tickets = await Promise.all(ticketIds.map(async (id) => (await runner.stateOf(ticket, id)).state));

  // Both sides of every provider's book.
  const online = states.filter(isOnline);
  const outTyiyn = (state: PaymentState) =>
    sumOf(
      state.refunds
        .filter(({ status, submission }) => status === 'succeeded' && submission !== null)
        .map((refund) => refund.amountTyiyn),
    );
  const held = sumOf(online.map((state) => receivedTyiyn(state) - outTyiyn(state)));
  expect(held, 'what we say providers hold is what they hold').toBe(
    books.elqr.holdsTyiyn() + books.elcard.holdsTyiyn(),
  );

  for (const state of states) {
    const { intent } = state;
    const of = tickets.find(({ terms }) => terms?.ticketId === intent?.ticketId);
    const isKept = of?.status === 'active' && of.paymentId === intent?.paymentId;
    // What staff gave back of their own accord changes no ticket.
    const given = isKept ? await goodwillOf(world, intent?.paymentId ?? '') : 0n;
    const expected = isKept ? (intent?.amountTyiyn ?? 0n) - given : 0n;
    expect(receivedTyiyn(state) - goingBack(state), 'money is for a valid ticket, or goes back').toBe(expected);
    expect(state.refunds.filter(({ status }) => status !== 'succeeded' && status !== 'manual')).toEqual([]);
    if (!isOpen(state) && intent !== null) {
      const { scope, key } = openPaymentName(intent);
      expect(await store.ownerOf(scope, key), 'an ended payment keeps nobody from paying').not.toBe(intent.paymentId);
    }
  }
  for (const { status, terms, paymentId, paidTyiyn } of tickets) {
    if (status !== 'active') continue;
    expect(states.filter(({ captured, intent }) => captured !== null && intent?.paymentId === paymentId)).toHaveLength(
      1,
    );
    expect(paidTyiyn).toBe(terms?.priceTyiyn);
  }
  for (const date of dates) {
    const [free = 0, taken = 0, sold = 0] = await store.balances(
      (['free', 'held', 'sold'] as const).map((bucket) => capacityAccount(parkId, date, bucket)),
    );
    // A day that nobody bought anything for is not opened.
    if (free + taken + sold > 0) expect(free + taken + sold).toBe(quota);
    expect(sold).toBe(tickets.filter(({ status, terms }) => status === 'active' && terms?.visitDate === date).length);
  }
  await expectEachToldOnce(world, paymentIds);
  expect((await ground.inbox.unapplied(clock.now() + 3_600_000, 100)).length, 'no message is left').toBe(0);
}

async function goodwillOf({ ground: { store } }: MoneyWorld, paymentId: string): Promise<bigint> {
  const { events } = await store.load(paymentId);
  const given = events.filter(({ type, data }) => type === 'RefundRequested' && data['reason'] === GOODWILL);
  return sumOf(given.map(({ data }) => BigInt(data['amountTyiyn'] as string)));
}

const ONCE = ['PaymentIntended', 'PaymentSucceeded', 'PaymentActionIssued', 'PaymentExpired'];

async function expectEachToldOnce({ ground: { store } }: MoneyWorld, paymentIds: readonly string[]): Promise<void> {
  for (const paymentId of paymentIds) {
    const types = (await store.load(paymentId)).events.map(({ type }) => type);
    for (const type of ONCE) expect(types.filter((one) => one === type).length, type).toBeLessThanOrEqual(1);
  }
}
