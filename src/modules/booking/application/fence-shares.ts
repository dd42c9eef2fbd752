import { step, type Step } from '../../../kernel/command-runner.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import { parkShare } from '../domain/park-share.ts';
import { ticket } from '../domain/ticket.ts';
import { createShareTeller, type ShareDependencies } from './share-teller.ts';

/** Port: tickets of this node that are held, of all parks. */
export type OwnHolds = () => Promise<
  readonly { readonly ticketId: string; readonly parkId: string; readonly date: LocalDate; readonly places: number }[]
>;

/**
 * For the first append of a log that begins anew: all holds of this node end, and every share of the days about now goes to
 * nothing. Nobody may sell at this node meanwhile.
 */
export type FenceShares = (incarnation: string) => Promise<readonly Step<{ readonly code: string }>[]>;

export function createFenceShares(dependencies: ShareDependencies & { readonly ownHolds: OwnHolds }): FenceShares {
  const { clock, nodeId, ownHolds } = dependencies;
  const { days, freeOn, streamOf } = createShareTeller(dependencies);
  return async (incarnation) => {
    const nowMs = clock.now();
    const holds = await ownHolds();
    const steps: Step<{ readonly code: string }>[] = holds.map(({ ticketId }) =>
      step(ticket, ticketId, { kind: 'expire', nowMs, fenced: true }),
    );
    for (const { parkId, date } of await days()) {
      const lapsing = holds.filter((hold) => hold.parkId === parkId && hold.date === date);
      const places = lapsing.reduce((sum, hold) => sum + hold.places, await freeOn({ parkId, date }));
      if (places === 0) continue;
      const data = { parkId, date, nodeId, incarnation, places, fencedAtMs: nowMs };
      steps.push(step(parkShare, streamOf({ parkId, date }), { kind: 'fence', ...data }));
    }
    return steps;
  };
}
