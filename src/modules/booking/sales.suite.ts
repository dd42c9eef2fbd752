import { createManualClock, type ManualClock } from '../../infrastructure/clock.ts';
import { systemIds as ids } from '../../infrastructure/ids.ts';
import { createZone } from '../../infrastructure/zone.ts';
import { createCommandRunner, step } from '../../kernel/command-runner.ts';
import type { Decider, DomainEvent } from '../../kernel/decider.ts';
import { ok } from '../../kernel/result.ts';
import type { EventCodec } from '../../kernel/event-codec.ts';
import { StoreUnavailable, type EventStore } from '../../kernel/event-store.ts';
import type { AsksGates } from './application/asks-gates.ts';
import { createBuyTicket, type BuyTicket } from './application/buy-ticket.ts';
import { createFindSale, type FindSale } from './application/find-sale.ts';
import { createFollowQuota, createFollowQuotas, type FollowQuotas } from './application/follow-quota.ts';
import { createKeepHold, type KeepHold } from './application/keep-hold.ts';
import { createCancelTicket, type CancelTicket } from './application/cancel-ticket.ts';
import { createMoveTicket, type MoveTicket } from './application/move-ticket.ts';
import { createOpenDay } from './application/open-day.ts';
import { createPlanVisit } from './application/plan-visit.ts';
import { createPriceVisit } from './application/price-visit.ts';
import { createEditPromoCodes, type PromoTerms } from './application/promo-codes.ts';
import { createPromoUses } from './application/promo-uses.ts';
import { createFindVisitDay, createParkToday } from './application/visit-day.ts';
import type { PromoCode } from './domain/promo-code.ts';
import type { ExpiredHolds, ParkDays } from './application/ports.ts';
import { createSellAtDesk, type SellAtDesk } from './application/sell-at-desk.ts';
import { createSettleTicket, type SettleTicket } from './application/settle-ticket.ts';
import { createTakePlaces } from './application/take-places.ts';
import { ticketFromEvents, type TicketOfCommand } from './application/ticket-view.ts';
import { capacityAccount } from './domain/capacity.ts';
import { ticket } from './domain/ticket.ts';

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

/** Promo codes that every process knows. */
const promos = new Map<string, PromoCode>();

/** Guests whose keys were destroyed. */
export const erased = new Set<string>();

/** Nobody spends points here. */
function noPoints(): never {
  throw new Error('nobody has points here');
}

/** A store that does what it is told and then loses its answer. */
export const losingAnswers = (store: EventStore): EventStore => ({
  nodeId: store.nodeId,
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
  buy(
    people?: number,
    more?: {
      readonly commandId?: string;
      readonly date?: string;
      readonly promoCode?: string;
      readonly userId?: string;
    },
  ): ReturnType<BuyTicket>;
  /** Makes a promo code that takes nothing of what it costs but 10 som. */
  definePromo(code: string, limits: Pick<PromoTerms, 'totalLimit' | 'limitPerGuest'>): Promise<string>;
  cancel(ticketId: string, userId: string): ReturnType<CancelTicket>;
  move(ticketId: string, userId: string, visitDate: string): ReturnType<MoveTicket>;
  readonly keep: KeepHold;
  /** For today, to somebody without an account. */
  readonly sellAtDesk: SellAtDesk;
  readonly findSale: FindSale;
  /** Money for a ticket of one child. */
  pay(ticketId: string, paymentId?: string, paidTyiyn?: bigint): ReturnType<SettleTicket>;
  /** The day takes over what its park now says. */
  readonly followQuota: () => ReturnType<FollowQuotas>;
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

/** The only node there is. */
export const onlyNode = {
  nodeId: 'test',
  role: 'hq',
  homeOf: async () => 'test',
  gateDayOver: async () => false,
  writers: async () => ['test'],
  isFenced: async () => false,
  isSetBack: async () => false,
  incarnationOf: async () => null,
  ownIncarnation: async () => 'incarnation',
  walkUpShares: async () => [],
} as const;

/** Gates at which nobody ever came in. */
export const emptyGates: Decider<null, null, DomainEvent, never> = {
  aggregateType: 'Test',
  initial: null,
  decide: () => ok([]),
  evolve: (state) => state,
};

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
  const promoUses = createPromoUses(tools);
  const findVisitDay = createFindVisitDay({ ...tools, parkDays });
  const pricing = {
    findPromo: async (code: string) => promos.get(code) ?? null,
    standings: async () => ({ points: 0, tierName: 'none', tierPercent: 0, pointTyiyn: 100n, spendablePercent: 50 }),
  };
  const priceVisit = createPriceVisit(pricing);
  const parkToday = createParkToday({ ...tools, parkDays });
  const planVisit = createPlanVisit({
    findVisitDay,
    priceVisit,
    childrenOf: async () => [],
  });
  const followQuota = createFollowQuota({ ...tools, parkDays });
  const knownStreams = async (streamIds: readonly string[]): Promise<ReadonlySet<string>> => {
    const versions = await Promise.all(streamIds.map(async (id) => (await ground.store.load(id)).version));
    return new Set(streamIds.filter((_id, index) => (versions[index] ?? 0) > 0));
  };
  const followQuotas = createFollowQuotas({ ...tools, knownStreams, followQuota });
  const takePlaces = createTakePlaces({
    ...tools,
    isFenced: async () => false,
    openDay: createOpenDay({ ...tools, followQuota }),
  });
  const signAdmissionCode = ({ ticketId }: { readonly ticketId: string }): string => `code of ${ticketId}`;
  const ticketOfCommand: TicketOfCommand = async (commandId) => {
    const span = await ground.store.findCommand(commandId);
    if (span === null) return null;
    const stored = await ground.store.read(span.firstPosition - 1, span.lastPosition - span.firstPosition + 1);
    const made = ticketFromEvents(await Promise.all(stored.map((event) => ground.codec.decode(event))));
    const { status } = (await runner.stateOf(ticket, made.ticketId)).state;
    const isCancelled = status === 'cancelled' || status === 'refunded';
    return isCancelled ? { ...made, status, cancelled: { why: 'staff', reason: null, cancelledAtMs: 0 } } : made;
  };
  const buyTicket = createBuyTicket({
    ...tools,
    planVisit,
    takePlaces,
    promoUses,
    reservePoints: noPoints,
    signAdmissionCode,
    passOwner: async () => null,
    isPromised: async () => false,
    ticketOfCommand: async () => null,
    needsProof: async () => false,
  });
  const asksGates: AsksGates = async () => ({ voidId: null });
  const settleTicket = createSettleTicket({
    ...tools,
    asksGates,
    findVisitDay,
    takePlaces,
    signAdmissionCode,
    isFenced: onlyNode.isFenced,
    isForgotten: async (subjectId) => erased.has(subjectId),
  });
  const cancelTicket = createCancelTicket({
    ...tools,
    ...onlyNode,
    sellerOf: async () => onlyNode.nodeId,
    parkToday,
    voidAdmission: async ({ ticketId }) => [step(emptyGates, ids.derive(`gates of ${ticketId}`), null)],
  });
  const moveTicket = createMoveTicket({
    ...tools,
    asksGates,
    ...pricing,
    parkToday,
    isPromised: async () => false,
    findVisitDay,
    takePlaces,
    signAdmissionCode,
  });
  const meta = { actor: 'user:test', correlationId: 'test' };
  return {
    buy(people = 1, { commandId, date = VISIT_DATE, promoCode, userId = ids.next() } = {}) {
      const children = Array.from({ length: people }, (_, index) => ({ name: `Child ${index}`, age: 5 }));
      const visit = { parkId, visitDate: date, ticketType: undefined, children, adults: 0, promoCode };
      return buyTicket({ ...visit, userId }, { ...meta, ...(commandId === undefined ? {} : { commandId }) });
    },
    async definePromo(code, limits) {
      const terms: PromoTerms = {
        percent: null,
        sumTyiyn: 1000n,
        validFrom: '2026-12-01',
        validUntil: '2026-12-31',
        datesOf: 'visit',
        parkIds: [],
        minPriceTyiyn: 0n,
        active: true,
        ...limits,
      };
      const made = await createEditPromoCodes(tools).create(code, terms, meta);
      if (!made.ok) throw new Error(made.refusal.code);
      promos.set(code, { ...terms, code, promoId: made.value });
      return made.value;
    },
    cancel: (ticketId, userId) => cancelTicket({ ticketId, why: 'guest', userId, reason: null }, meta),
    move: (ticketId, userId, visitDate) => moveTicket({ ticketId, userId, visitDate }, meta),
    keep: createKeepHold(tools),
    sellAtDesk: createSellAtDesk({
      ...tools,
      planVisit,
      takePlaces,
      ticketOfCommand,
      parkToday,
      parkDays,
      signAdmissionCode,
    }),
    findSale: createFindSale(ticketOfCommand),
    pay: (ticketId, paymentId = ids.next(), paidTyiyn = PRICE_TYIYN) =>
      settleTicket({ ticketId, paymentId, paidTyiyn }, meta),
    followQuota: () => followQuotas(parkId, [VISIT_DATE], meta),
    places: (date = VISIT_DATE) =>
      ground.store.balances((['free', 'held', 'sold'] as const).map((bucket) => capacityAccount(parkId, date, bucket))),
  };
}
