import type { CommandRunner } from '../../kernel/command-runner.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Clock, Zone } from '../../kernel/time.ts';
import type { Vault } from '../../kernel/vault.ts';
import type { Manifest, Module } from '../../infrastructure/module.ts';
import type { Database } from '../../infrastructure/postgres/database.ts';
import { createBuyTicket } from './application/buy-ticket.ts';
import { createExpireHolds, type ExpireHolds } from './application/expire-holds.ts';
import { createFollowQuota, type FollowQuota } from './application/follow-quota.ts';
import { createKeepHold, type KeepHold } from './application/keep-hold.ts';
import { createPlanVisit } from './application/plan-visit.ts';
import type { ChildrenOf, ParkDays, SignAdmissionCode } from './application/ports.ts';
import type { QrImages } from './application/qr-images.ts';
import { createQuoteTicket } from './application/quote-ticket.ts';
import { createSettleTicket, type SettleTicket } from './application/settle-ticket.ts';
import { createTakePlaces } from './application/take-places.ts';
import { createTicketFacts, type FindTicketFacts } from './application/ticket-facts.ts';
import { buyTicketRoute } from './http/buy-ticket.ts';
import { getTicketQrRoute } from './http/get-ticket-qr.ts';
import { getTicketRoute } from './http/get-ticket.ts';
import { listTicketsRoute } from './http/list-tickets.ts';
import { quoteTicketRoute } from './http/quote-ticket.ts';
import { bookingEvents } from './persistence/events.ts';
import { createExpiredHolds, createOverdueHolds, createPlacesOfDays, type DayPlaces } from './persistence/holds.ts';
import { createTickets, ticketsProjection } from './persistence/tickets.ts';

export const bookingManifest: Manifest = {
  name: 'booking',
  events: bookingEvents,
  projections: [ticketsProjection],
  migrations: new URL('./persistence/migrations/', import.meta.url),
};

export type BookingModule = Module & {
  readonly keepHold: KeepHold;
  readonly settleTicket: SettleTicket;
  readonly expireHolds: ExpireHolds;
  readonly ticketFacts: FindTicketFacts;
  /** Gives a day that is on sale the quota its park now says. */
  readonly followQuota: FollowQuota;
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
  readonly parkDays: ParkDays;
  readonly childrenOf: ChildrenOf;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly qrImages: QrImages;
};

/** Tickets: planning a visit, holding its places, selling it, showing it. */
export function createBookingModule(dependencies: Dependencies): BookingModule {
  const { database, store, vault, clock, qrImages } = dependencies;
  const tickets = createTickets(database, vault);
  const planVisit = createPlanVisit(dependencies);
  const followQuota = createFollowQuota(dependencies);
  const takePlaces = createTakePlaces({ ...dependencies, followQuota, expiredHolds: createExpiredHolds(database) });
  const expireHolds = createExpireHolds({ ...dependencies, overdueHolds: createOverdueHolds(database) });
  return {
    ...bookingManifest,
    routes: [
      buyTicketRoute(createBuyTicket({ ...dependencies, planVisit, takePlaces })),
      quoteTicketRoute(createQuoteTicket(planVisit)),
      listTicketsRoute(tickets),
      getTicketRoute(tickets),
      getTicketQrRoute(tickets, qrImages),
    ],
    keepHold: createKeepHold(dependencies),
    settleTicket: createSettleTicket({ ...dependencies, takePlaces }),
    expireHolds,
    jobs: [{ name: 'expire holds', everyMs: 2000, run: ({ limit, meta }) => expireHolds(limit, meta) }],
    ticketFacts: createTicketFacts(tickets),
    followQuota,
    placesOfDays: createPlacesOfDays(database, store, clock),
  };
}
