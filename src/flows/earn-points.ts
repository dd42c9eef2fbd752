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
   * A ticket that headquarters sold, as it knows it; null when there is no such ticket. `ownerId` is null for one of a desk, `paidTyiyn`
   * 0 when it cost nothing, less what goes back for the day `leaving` should nobody come in on it.
   */
  readonly soldHere: (ticketId: string) => Promise<{
    readonly ownerId: string | null;
    readonly parkId: string;
    readonly paidTyiyn: Tyiyn;
    readonly leaving: { readonly visitDate: LocalDate; readonly refundTyiyn: Tyiyn } | null;
  } | null>;
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
    const ticket = await soldHere(ticketId);
    if (ticket === null || ticket.parkId !== parkId) return;
    const { ownerId: userId, leaving } = ticket;
    const paidTyiyn = ticket.paidTyiyn + (leaving?.visitDate === visitDate ? leaving.refundTyiyn : 0n);
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
