import { step, type Step } from '../../../kernel/command-runner.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import { parkShare } from '../domain/park-share.ts';
import { ticket } from '../domain/ticket.ts';
import { createShareTeller, type ShareDay, type ShareDependencies } from './share-teller.ts';

/** Port: tickets of this node that are held, of all parks. */
export type OwnHolds = () => Promise<
  readonly { readonly ticketId: string; readonly parkId: string; readonly date: LocalDate; readonly places: number }[]
>;

/** Port: all days of which this node has places that it could sell, whenever they are. */
export type SharesLeft = () => Promise<readonly (ShareDay & { readonly free: number })[]>;

/**
 * For the first append of a log that begins anew: all holds of this node end, and every share goes to nothing. Nobody may sell
 * at this node meanwhile.
 */
export type FenceShares = (incarnation: string) => Promise<readonly Step<{ readonly code: string }>[]>;

type Dependencies = ShareDependencies & { readonly ownHolds: OwnHolds; readonly sharesLeft: SharesLeft };

export function createFenceShares(dependencies: Dependencies): FenceShares {
  const { clock, nodeId, ownHolds, sharesLeft } = dependencies;
  const { streamOf } = createShareTeller(dependencies);
  return async (incarnation) => {
    const nowMs = clock.now();
    const holds = await ownHolds();
    const steps: Step<{ readonly code: string }>[] = holds.map(({ ticketId }) =>
      step(ticket, ticketId, { kind: 'expire', nowMs, fenced: true }),
    );
    const left = new Map<string, Awaited<ReturnType<SharesLeft>>[number]>();
    for (const share of await sharesLeft()) left.set(`${share.parkId}/${share.date}`, share);
    for (const { parkId, date, places } of holds) {
      const free = (left.get(`${parkId}/${date}`)?.free ?? 0) + places;
      left.set(`${parkId}/${date}`, { parkId, date, free });
    }
    for (const { parkId, date, free: places } of left.values()) {
      const data = { parkId, date, nodeId, incarnation, places, fencedAtMs: nowMs };
      steps.push(step(parkShare, streamOf({ parkId, date }), { kind: 'fence', ...data }));
    }
    return steps;
  };
}
