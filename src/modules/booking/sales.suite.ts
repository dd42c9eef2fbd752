import { createManualClock, type ManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createCommandRunner } from '../../kernel/command-runner.ts';
import type { EventCodec } from '../../kernel/event-codec.ts';
import { StoreUnavailable, type EventStore } from '../../kernel/event-store.ts';
import { createBuyTicket, type BuyTicket } from './application/buy-ticket.ts';
import { createFollowQuota, type FollowQuota } from './application/follow-quota.ts';
import { createKeepHold, type KeepHold } from './application/keep-hold.ts';
import { createPlanVisit } from './application/plan-visit.ts';
import type { ExpiredHolds, ParkDays } from './application/ports.ts';
import { createSettleTicket, type SettleTicket } from './application/settle-ticket.ts';
import { createTakePlaces } from './application/take-places.ts';
import { capacityAccount } from './domain/capacity.ts';

/** Noon in Bishkek. */
export const NOON_MS = Date.parse('2026-12-05T06:00:00Z');
export const VISIT_DATE = '2026-12-08';
export const PRICE_TYIYN = 35_000n;
export const HOLD_MS = 15 * 60_000;

/** What a process that sells is made of besides the clock. */
export type SalesGround = {
  readonly store: EventStore;
  readonly codec: EventCodec;
  readonly expiredHolds: ExpiredHolds;
};

/** A store that does what it is told and then loses its answer. */
export const losingAnswers = (store: EventStore): EventStore => ({
  async append(append) {
    await store.append(append);
    throw new StoreUnavailable('the answer was lost');
  },
  load: (streamId, afterVersion) => store.load(streamId, afterVersion),
  read: (afterPosition, limit, types) => store.read(afterPosition, limit, types),
  headPosition: () => store.headPosition(),
  balances: (accounts) => store.balances(accounts),
  ownerOf: (scope, key) => store.ownerOf(scope, key),
  findCommand: (commandId) => store.findCommand(commandId),
});

export type SalesOffice = {
  /** Buys for `people` children. */
  buy(people?: number, more?: { readonly commandId?: string; readonly date?: string }): ReturnType<BuyTicket>;
  readonly keep: KeepHold;
  /** Money for a ticket of one child. */
  pay(ticketId: string, paymentId?: string, paidTyiyn?: bigint): ReturnType<SettleTicket>;
  /** The day takes over what its park now says. */
  readonly followQuota: () => ReturnType<FollowQuota>;
  /** Places of the day: free, held, sold. */
  places(date?: string): Promise<readonly number[]>;
};

export const createSalesClock = (): ManualClock => createManualClock(NOON_MS);

export const parkDaysOf =
  (quota: number): ParkDays =>
  async () => ({
    timeZone: 'Asia/Bishkek',
    hours: { openTime: '10:00', closeTime: '21:00' },
    dayQuota: quota,
    priceUnder3Tyiyn: 15_000n,
    priceOver3Tyiyn: PRICE_TYIYN,
    priceAdultTyiyn: 0n,
    groupPercent: 0,
  });

/** A process that sells tickets of one park, on whatever log it is given. */
export function openSalesOffice(
  ground: SalesGround,
  clock: ManualClock,
  parkId: string,
  offer: number | ParkDays,
): SalesOffice {
  const parkDays = typeof offer === 'number' ? parkDaysOf(offer) : offer;
  const runner = createCommandRunner({ ...ground, ids, clock });
  const tools = { ...ground, runner, ids, clock, zone: createZone() };
  const planVisit = createPlanVisit({ ...tools, parkDays, childrenOf: async () => [] });
  const followQuota = createFollowQuota({ ...tools, parkDays });
  const takePlaces = createTakePlaces({ ...tools, followQuota });
  const signAdmissionCode = ({ ticketId }: { readonly ticketId: string }): string => `code of ${ticketId}`;
  const buyTicket = createBuyTicket({ ...tools, planVisit, takePlaces, signAdmissionCode });
  const settleTicket = createSettleTicket({ ...tools, takePlaces, signAdmissionCode });
  const meta = { actor: 'user:test', correlationId: 'test' };
  return {
    buy(people = 1, { commandId, date = VISIT_DATE } = {}) {
      const children = Array.from({ length: people }, (_, index) => ({ name: `Child ${index}`, age: 5 }));
      const visit = { parkId, visitDate: date, ticketType: undefined, children, adults: 0 };
      return buyTicket(
        { ...visit, userId: ids.next() },
        { ...meta, ...(commandId === undefined ? {} : { commandId }) },
      );
    },
    keep: createKeepHold(tools),
    pay: (ticketId, paymentId = ids.next(), paidTyiyn = PRICE_TYIYN) =>
      settleTicket({ ticketId, paymentId, paidTyiyn }, meta),
    followQuota: () => followQuota(parkId, VISIT_DATE, meta),
    places: (date = VISIT_DATE) =>
      ground.store.balances((['free', 'held', 'sold'] as const).map((bucket) => capacityAccount(parkId, date, bucket))),
  };
}
