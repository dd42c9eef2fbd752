import { step, type CommandMeta, type CommandRunner } from '../../../kernel/command-runner.ts';
import type { Claim } from '../../../kernel/event-store.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import { ticket } from '../domain/ticket.ts';
import type { TicketRefusal } from '../domain/ticket-messages.ts';
import { OFFER_MS, waitlistEntry, type WaitlistRefusal } from '../domain/waitlist-entry.ts';
import { termsOf } from './buy-ticket.ts';
import type { NeedsProof } from './free-visits.ts';
import type { PlanVisit } from './plan-visit.ts';
import type { FreePlaces, SignAdmissionCode } from './ports.ts';
import type { TakePlaces } from './take-places.ts';
import type { FindVisitDay } from './visit-day.ts';
import { releasedName } from './waiting-name.ts';
import type { QueuedDay, WaitingParty, Waitlist } from './waitlist.ts';

/** Parties of a day that one round looks at. */
const MOST_PARTIES = 50;

/** Offers places that came free to who waits for them; answers how many parties were offered some. */
export type OfferPlaces = (meta: CommandMeta) => Promise<number>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly waitlist: Waitlist;
  readonly planVisit: PlanVisit;
  readonly findVisitDay: FindVisitDay;
  readonly takePlaces: TakePlaces;
  readonly freePlaces: FreePlaces;
  readonly needsProof: NeedsProof;
  readonly signAdmissionCode: SignAdmissionCode;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
};

/**
 * Parties are offered places in the order they joined; one that does not fit keeps its turn and lets a smaller one pass. An
 * offer is a ticket whose places are held, made in the same append, so that it ends like any hold: paid, cancelled or lapsed.
 */
export function createOfferPlaces(dependencies: Dependencies): OfferPlaces {
  const { runner, waitlist, planVisit, findVisitDay, takePlaces, freePlaces, needsProof } = dependencies;
  const { signAdmissionCode, ids, clock, zone } = dependencies;

  async function drop(entryId: string, meta: CommandMeta, claims: readonly Claim[]): Promise<false> {
    await runner.run(waitlistEntry, entryId, { kind: 'drop', nowMs: clock.now() }, meta, { claims });
    return false;
  }

  async function offer({ entryId }: WaitingParty, meta: CommandMeta): Promise<boolean> {
    const request = await waitlist.requestOf(entryId);
    if (request === null) return drop(entryId, meta, []);
    // Whoever was offered places, or cannot be, may wait for the day anew.
    const claims = releasedName({ ...request, entryId });
    const planned = await planVisit(request);
    if (!planned.ok) return drop(entryId, meta, claims);
    const { parkId, visitDate } = request;
    const { plannedAtMs, closesAtMs, dayQuota, price } = planned.value;
    // The day has come to cost nothing since.
    if (await needsProof(request, price.totalTyiyn)) return drop(entryId, meta, claims);
    const untilMs = Math.min(plannedAtMs + OFFER_MS, closesAtMs);
    const terms = { ...termsOf(request, planned.value, ids), expiresAtMs: untilMs };
    const { ticketId, priceTyiyn, places } = terms;
    const admissionCode = priceTyiyn === 0n ? signAdmissionCode({ ...terms, partySize: places }) : null;
    const done = await takePlaces<TicketRefusal | WaitlistRefusal>({
      parkId,
      date: visitDate,
      dayQuota,
      steps: [
        step(waitlistEntry, entryId, { kind: 'offer', ticketId, untilMs, nowMs: plannedAtMs }),
        step(ticket, ticketId, { kind: 'hold', terms, admissionCode }, { isNew: true }),
      ],
      claims,
      meta: { ...meta, parkId },
    });
    return done.ok;
  }

  /** What is free on a day that nobody has bought for; nothing when it cannot be booked. */
  async function quotaOf(parkId: string, date: LocalDate): Promise<number> {
    const day = await findVisitDay(parkId, date);
    return day.ok ? day.value.dayQuota : 0;
  }

  async function offerDay({ parkId, visitDate }: QueuedDay, meta: CommandMeta): Promise<number> {
    let free = (await freePlaces(parkId, visitDate)) ?? (await quotaOf(parkId, visitDate));
    let offered = 0;
    if (free === 0) return 0;
    for (const party of await waitlist.waitingFor(parkId, visitDate, free, MOST_PARTIES)) {
      if (party.places > free || !(await offer(party, meta))) continue;
      free -= party.places;
      offered += 1;
    }
    return offered;
  }

  return async (meta) => {
    let offered = 0;
    const days = await waitlist.queuedDays(zone.dateAt(clock.now(), PARKS_TIME_ZONE));
    for (const day of days) offered += await offerDay(day, meta);
    return offered;
  };
}
