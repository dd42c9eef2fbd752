import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Tyiyn } from '../kernel/money.ts';
import type { LocalDate } from '../kernel/time.ts';
import type { PeopleAdmitted } from '../modules/admission/contract.ts';
import type { VisitEarning } from '../modules/loyalty/contract.ts';

export type EarnPointsPorts = {
  readonly ids: Ids;
  /**
   * A ticket that headquarters sold, as it knows it; null when there is no such ticket. `ownerId` is null for one of a desk, `paidTyiyn` is
   * what stays paid for it when its party came in on that day, 0 when it cost nothing.
   */
  readonly soldHere: (
    ticketId: string,
    visitDate: LocalDate,
  ) => Promise<{ readonly ownerId: string | null; readonly parkId: string; readonly paidTyiyn: Tyiyn } | null>;
  readonly earnPoints: (earning: VisitEarning, meta: CommandMeta) => Promise<void>;
};

const isAdmission = (event: Recorded): event is Recorded<PeopleAdmitted> => event.type === 'PeopleAdmitted';

/**
 * Points are credited when the visit happens: with the first of a party who comes in. Harmless to repeat. That somebody came in is all
 * that a park is believed; whose the ticket is and what was paid for it, headquarters knows, and the park may not.
 */
export const createEarnPointsFlow = ({ ids, soldHere, earnPoints }: EarnPointsPorts): Flow => ({
  name: 'flow.earn-points',
  eventTypes: ['PeopleAdmitted'],
  async handle(event) {
    if (!isAdmission(event) || !event.data.first) return;
    const { ticketId, parkId, visitDate, scannedAtMs } = event.data;
    const ticket = await soldHere(ticketId, visitDate);
    if (ticket === null || ticket.parkId !== parkId) return;
    const { ownerId: userId, paidTyiyn } = ticket;
    if (userId === null || paidTyiyn === 0n) return;
    await earnPoints(
      { userId, ticketId, paidTyiyn, visitedAtMs: scannedAtMs },
      {
        actor: 'flow:earn-points',
        correlationId: event.meta.correlationId,
        causationId: event.meta.id,
        commandId: ids.derive(`earn-points:${ticketId}`),
        parkId,
        occurredAtMs: scannedAtMs,
      },
    );
  },
});
