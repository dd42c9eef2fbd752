import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { NodeRole } from '../../kernel/node-role.ts';
import type { QrImages } from '../../kernel/qr-images.ts';
import type { Clock, Zone } from '../../kernel/time.ts';
import type { Vault } from '../../kernel/vault.ts';
import { createParksOfStreams } from '../../infrastructure/event-store/stream-parks.ts';
import type { Route } from '../../infrastructure/http/route.ts';
import { formatInstant } from '../../infrastructure/human-instant.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createAsksGates } from './application/asks-gates.ts';
import { createBuyTicket } from './application/buy-ticket.ts';
import { createCancelPass } from './application/cancel-pass.ts';
import { createCancelTicket, type CancelTicket } from './application/cancel-ticket.ts';
import { createCancelClosedDays, createStartDayClosing, type CancelClosedDays } from './application/close-day.ts';
import { createSureEndDays } from './application/end-days.ts';
import { createExpireHolds, type ExpireHolds } from './application/expire-holds.ts';
import { createFindDeskTicket, createFindSale, type FindDeskTicket, type FindSale } from './application/find-sale.ts';
import { createFinishVoid, type FinishVoid } from './application/finish-void.ts';
import { createFollowQuota, createFollowQuotas, type FollowQuotas } from './application/follow-quota.ts';
import { createIssuePass } from './application/issue-pass.ts';
import { createNeedsProof } from './application/free-visits.ts';
import { createKeepHold, type KeepHold } from './application/keep-hold.ts';
import { createMarkRefunded, type MarkRefunded } from './application/mark-refunded.ts';
import { createMoveTicket } from './application/move-ticket.ts';
import { createOpenDay } from './application/open-day.ts';
import { createOpenQuestions, type OpenQuestions } from './application/open-questions.ts';
import { createPassObstacle } from './application/pass-visits.ts';
import type { GuestRecords } from './application/guest-records.ts';
import { createPaidFor, type PaidFor } from './application/paid-for.ts';
import { createPaymentsOfTicket, type PaymentsOfTicket } from './application/payments-of-ticket.ts';
import { createPlanVisit } from './application/plan-visit.ts';
import type {
  ChildrenOf,
  FindGuest,
  FindPromo,
  GateDayOver,
  GuestStandings,
  HomeOf,
  IncarnationOf,
  IsFenced,
  IsSetBack,
  LookUpGuest,
  NumberProven,
  ParkDays,
  PassOwner,
  ReservePoints,
  SignAdmissionCode,
  VoidAdmission,
  WalkUpShares,
  Writers,
} from './application/ports.ts';
import {
  createWriteReceipt,
  type FiscalReceiptsOf,
  type MoneyOfTicket,
  type ParkNames,
} from './application/receipt.ts';
import { createPriceVisit } from './application/price-visit.ts';
import { createEditPromoCodes } from './application/promo-codes.ts';
import { createPromoUses } from './application/promo-uses.ts';
import { createIsPromised } from './application/promised-places.ts';
import { createQuoteTicket } from './application/quote-ticket.ts';
import { createSearchTickets } from './application/search-tickets.ts';
import { createSellAtDesk, type SellAtDesk } from './application/sell-at-desk.ts';
import { createSoldLines, type SoldLines } from './application/sold-lines.ts';
import { createSettleTicket, type SettleTicket } from './application/settle-ticket.ts';
import { createShares, type Shares } from './application/shares.ts';
import { createTakePlaces } from './application/take-places.ts';
import { timedWork } from './application/timed-work.ts';
import { createTicketFacts, type FindTicketFacts } from './application/ticket-facts.ts';
import { createFindVisitDay, createParkToday } from './application/visit-day.ts';
import { buyTicketRoute } from './http/buy-ticket.ts';
import { cancelTicketAsStaffRoute } from './http/cancel-ticket-as-staff.ts';
import { cancelTicketRoute } from './http/cancel-ticket.ts';
import { cancelDayRoute, getDayClosingRoute } from './http/day-closings.ts';
import { getReceiptRoute } from './http/get-receipt.ts';
import { getTicketQrRoute } from './http/get-ticket-qr.ts';
import { getTicketRoute } from './http/get-ticket.ts';
import { listTicketsRoute } from './http/list-tickets.ts';
import { moveTicketRoute } from './http/move-ticket.ts';
import { passRoutes } from './http/passes.ts';
import { promoCodeRoutes } from './http/promo-codes.ts';
import { quoteTicketRoute } from './http/quote-ticket.ts';
import { searchTicketsRoute } from './http/search-tickets.ts';
import { createDayClosings, dayClosingsProjection } from './persistence/day-closings.ts';
import { bookingEvents } from './persistence/events.ts';
import { createGuestCounts } from './persistence/guest-counts.ts';
import {
  type CountHolds,
  createCountHolds,
  createExpiredHolds,
  createRowsOfShares,
  createOverdueHolds,
  createPlacesOfDays,
  createAskedTickets,
  createSellerOf,
  type DayPlaces,
  createUnusedTickets,
} from './persistence/holds.ts';
import { createListTickets } from './persistence/list-tickets.ts';
import { createPasses, passesProjection } from './persistence/passes.ts';
import { createPromoCodes, promoCodesProjection } from './persistence/promo-codes.ts';
import { createTicketOfCommand, createTickets, ticketsProjection } from './persistence/tickets.ts';
import { createOfferPlaces, type OfferPlaces } from './application/offer-places.ts';
import type { FreePlaces } from './application/ports.ts';
import { createWaiting } from './application/waiting.ts';
import { createSmallestWaiting } from './application/waiting-days.ts';
import { waitlistRoutes } from './http/waitlist-routes.ts';
import { createWaitlist, waitlistProjection } from './persistence/waitlist.ts';

export const bookingManifest: Manifest = {
  name: 'booking',
  events: bookingEvents,
  projections: [ticketsProjection, promoCodesProjection, waitlistProjection, passesProjection, dayClosingsProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

export type BookingModule = Module & {
  readonly keepHold: KeepHold;
  readonly settleTicket: SettleTicket;
  readonly expireHolds: ExpireHolds;
  readonly countHolds: CountHolds;
  readonly cancelTicket: CancelTicket;
  readonly openQuestions: OpenQuestions;
  readonly finishVoid: FinishVoid;
  readonly cancelClosedDays: CancelClosedDays;
  readonly markRefunded: MarkRefunded;
  readonly paymentsOf: PaymentsOfTicket;
  readonly paidFor: PaidFor;
  readonly sellAtDesk: SellAtDesk;
  readonly findSale: FindSale;
  readonly findDeskTicket: FindDeskTicket;
  readonly offerPlaces: OfferPlaces;
  readonly ticketFacts: FindTicketFacts;
  readonly guestRecords: GuestRecords;
  /** What a ticket is for, as a fiscal receipt names it. */
  readonly soldLines: SoldLines;
  /** Gives a day that is on sale the quota its park now says. */
  readonly followQuotas: FollowQuotas;
  readonly shares: Shares;
  /** Places that can still be sold on each date, and those that lack; null where nothing was sold yet. */
  readonly placesOfDays: (parkId: string, dates: readonly string[]) => Promise<readonly (DayPlaces | null)[]>;
};

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: EventStore;
  readonly database: Database;
  readonly vault: Vault;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly nodeId: string;
  readonly role: NodeRole;
  readonly homeOf: HomeOf;
  readonly gateDayOver: GateDayOver;
  readonly writers: Writers;
  readonly incarnationOf: IncarnationOf;
  readonly ownIncarnation: () => Promise<string>;
  readonly isFenced: IsFenced;
  readonly isSetBack: IsSetBack;
  readonly walkUpShares: WalkUpShares;
  readonly parkDays: ParkDays;
  readonly childrenOf: ChildrenOf;
  readonly findGuest: FindGuest;
  readonly numberProven: NumberProven;
  readonly lookUpGuest: LookUpGuest;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly voidAdmission: VoidAdmission;
  readonly standings: GuestStandings;
  readonly reservePoints: ReservePoints;
  readonly qrImages: QrImages;
  readonly moneyOfTicket: MoneyOfTicket;
  readonly fiscalReceiptsOf: FiscalReceiptsOf;
  readonly parkNames: ParkNames;
};

/** Whose a pass is, and what stands against a visit by it. */
function createPassChecks(dependencies: Dependencies, passes: ReturnType<typeof createPasses>) {
  const passOwner: PassOwner = async (passId) => (await passes.find(passId))?.userId ?? null;
  return { passOwner, passObstacle: createPassObstacle({ ...dependencies, passOwner }) };
}

/** What is known of those who wait for full days. */
function createQueue(dependencies: Dependencies, placesOfDays: BookingModule['placesOfDays']) {
  const freePlaces: FreePlaces = async (parkId, date) => (await placesOfDays(parkId, [date]))[0]?.free ?? null;
  const waitlist = createWaitlist(dependencies.database, dependencies.vault);
  const smallestWaiting = createSmallestWaiting({ ...dependencies, waitlist });
  return { freePlaces, waitlist, isPromised: createIsPromised({ smallestWaiting, freePlaces }) };
}

/** Tickets as guests and staff look at them. */
const readRoutes = (dependencies: Dependencies, tickets: ReturnType<typeof createTickets>): readonly Route[] => {
  const listTickets = createListTickets(dependencies.database, dependencies.vault);
  return [
    listTicketsRoute(tickets),
    getTicketRoute(tickets),
    getTicketQrRoute(tickets, dependencies.qrImages),
    getReceiptRoute(tickets, createWriteReceipt({ ...dependencies, wallClock: formatInstant })),
    searchTicketsRoute(createSearchTickets({ ...dependencies, tickets, listTickets })),
  ];
};

/** The places of days: on sale, taken, and handed over. */
function createPlaces(dependencies: Dependencies) {
  const { database, nodeId, role } = dependencies;
  const followQuota = createFollowQuota(dependencies);
  const openDay = createOpenDay({ ...dependencies, followQuota });
  const expiredHolds = createExpiredHolds(database, nodeId);
  const knownStreams = createParksOfStreams(database);
  return {
    followQuotas: createFollowQuotas({ ...dependencies, knownStreams, followQuota }),
    takePlaces: createTakePlaces({ ...dependencies, openDay: role === 'hq' ? openDay : null, expiredHolds }),
    shares: createShares({ ...dependencies, ...createRowsOfShares(database, nodeId), openDay }),
  };
}

/** What the gates are asked, and what comes of their answers. */
const createVoids = (dependencies: Dependencies, parkToday: ReturnType<typeof createParkToday>) => ({
  openQuestions: createOpenQuestions({ ...dependencies, askedTickets: createAskedTickets(dependencies.database) }),
  finishVoid: createFinishVoid({ ...dependencies, parkToday }),
});

/** Tickets: planning a visit, holding its places, selling it, showing it. */
export function createBookingModule(dependencies: Dependencies): BookingModule {
  const { database, store, vault, clock, nodeId } = dependencies;
  const tickets = createTickets(database, vault);
  const passes = createPasses(database, vault);
  const promoCodes = createPromoCodes(database, store);
  const promoUses = createPromoUses(dependencies);
  const findVisitDay = createFindVisitDay(dependencies);
  const parkToday = createParkToday(dependencies);
  const findPromo: FindPromo = (code) => promoCodes.findByCode(code);
  const priceVisit = createPriceVisit({ ...dependencies, findPromo });
  const planVisit = createPlanVisit({ ...dependencies, findVisitDay, priceVisit });
  const { followQuotas, takePlaces, shares } = createPlaces(dependencies);
  const cancelTicket = createCancelTicket({ ...dependencies, parkToday, sellerOf: createSellerOf(database) });
  const unusedTickets = createUnusedTickets(database, dependencies.writers);
  const closings = createDayClosings(database, vault, dependencies.writers);
  const timed = {
    expireHolds: createExpireHolds({ ...dependencies, overdueHolds: createOverdueHolds(database, nodeId) }),
    cancelClosedDays: createCancelClosedDays({ ...dependencies, closings, cancelTicket }),
  };
  const placesOfDays = createPlacesOfDays(dependencies);
  const queue = createQueue(dependencies, placesOfDays);
  const reads = { tickets, ticketOfCommand: createTicketOfCommand(store, tickets), ...queue };
  const checks = { ...createPassChecks(dependencies, passes), cancelTicket, promoUses, parkToday, findVisitDay };
  const needsProof = createNeedsProof(dependencies.numberProven);
  const asksGates = createAsksGates(dependencies);
  const sales = { ...dependencies, ...reads, ...checks, planVisit, takePlaces, needsProof, asksGates };
  const offerPlaces = createOfferPlaces(sales);
  return {
    ...bookingManifest,
    routes: [
      buyTicketRoute(createBuyTicket(sales)),
      quoteTicketRoute(createQuoteTicket(sales)),
      ...readRoutes(dependencies, tickets),
      cancelTicketRoute(tickets, cancelTicket),
      cancelTicketAsStaffRoute(tickets, cancelTicket),
      moveTicketRoute(tickets, createMoveTicket({ ...sales, findPromo })),
      ...passRoutes(passes, createIssuePass(sales), createCancelPass(sales)),
      ...promoCodeRoutes(promoCodes, createEditPromoCodes(dependencies)),
      ...waitlistRoutes(createWaiting(sales)),
      cancelDayRoute(closings, createStartDayClosing(dependencies), clock),
      getDayClosingRoute(closings, clock),
    ],
    keepHold: createKeepHold(dependencies),
    settleTicket: createSettleTicket({
      ...sales,
      isForgotten: async (subjectId) => (await vault.seal(subjectId, '')) === null,
    }),
    ...timed,
    countHolds: createCountHolds(database, clock),
    cancelTicket,
    ...createVoids(dependencies, parkToday),
    markRefunded: createMarkRefunded(dependencies),
    paymentsOf: createPaymentsOfTicket(dependencies),
    paidFor: createPaidFor(dependencies),
    sellAtDesk: createSellAtDesk(sales),
    findSale: createFindSale(sales.ticketOfCommand),
    findDeskTicket: createFindDeskTicket(tickets),
    jobs: timedWork({ ...timed, shares, offerPlaces, endDays: createSureEndDays({ ...dependencies, unusedTickets }) }),
    ticketFacts: createTicketFacts(tickets),
    soldLines: createSoldLines(tickets),
    guestRecords: { tickets, passes, waitlist: queue.waitlist, counts: createGuestCounts(database) },
    followQuotas,
    shares,
    placesOfDays,
    offerPlaces,
  };
}
