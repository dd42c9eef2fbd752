import type { CommandMeta } from '../kernel/command-runner.ts';
import type { Recorded } from '../kernel/event-codec.ts';
import type { Flow } from '../kernel/flow.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Tyiyn } from '../kernel/money.ts';
import type { PeopleAdmitted } from '../modules/admission/contract.ts';
import type { VisitEarning } from '../modules/loyalty/contract.ts';

export type EarnPointsPorts = {
  readonly ids: Ids;
  /** Money paid for a ticket, 0 when it cost nothing; null when there is no such ticket. */
  readonly paidFor: (ticketId: string) => Promise<Tyiyn | null>;
  readonly earnPoints: (earning: VisitEarning, meta: CommandMeta) => Promise<void>;
};

const isAdmission = (event: Recorded): event is Recorded<PeopleAdmitted> => event.type === 'PeopleAdmitted';

/** Points are credited when the visit happens: with the first of a party who comes in. Harmless to repeat. */
export const createEarnPointsFlow = ({ ids, paidFor, earnPoints }: EarnPointsPorts): Flow => ({
  name: 'flow.earn-points',
  eventTypes: ['PeopleAdmitted'],
  async handle(event) {
    if (!isAdmission(event) || !event.data.first) return;
    const { userId, ticketId, parkId, scannedAtMs } = event.data;
    // Tickets sold at the desk belong to nobody.
    if (userId === null) return;
    const paidTyiyn = await paidFor(ticketId);
    if (paidTyiyn === null || paidTyiyn === 0n) return;
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
