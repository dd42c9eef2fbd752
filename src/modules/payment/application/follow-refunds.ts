import type { CommandMeta } from '../../../kernel/command-runner.ts';
import { ForeignStream } from '../../../kernel/stream-states.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { AdvanceRefund } from './advance-refund.ts';
import { askInChunks } from './ask-in-chunks.ts';
import type { OpenRefund, Refunds } from './ports.ts';

/**
 * Submits refunds that were requested and asks about those whose outcome is open, `limit` a page; answers how many it
 * looked at. Ends early when `stopping` is aborted. Those of payments that another node writes it leaves to that node.
 */
export type FollowRefunds = (limit: number, stopping?: AbortSignal) => Promise<number>;

type Dependencies = {
  readonly refunds: Pick<Refunds, 'open'>;
  readonly advanceRefund: AdvanceRefund;
  readonly clock: Clock;
  /** Told when one refund could not be followed; the others are. */
  readonly onError: (error: unknown) => void;
};

/** How long to wait between two questions about a refund submitted this long ago: often at first, then ever less. */
const pauseAt = (ageMs: number): number => (ageMs < 60_000 ? 5000 : ageMs < 600_000 ? 30_000 : 300_000);

/** The log alone says how far a refund is, so that a process may die at any line and another one goes on. */
export function createFollowRefunds({ refunds, advanceRefund, clock, onError }: Dependencies): FollowRefunds {
  // When this process last asked about a refund.
  let askedAtMs = new Map<string, number>();

  const isDue = ({ refundId, submittedAtMs }: OpenRefund, nowMs: number): boolean => {
    if (submittedAtMs === null) return true;
    const pauseMs = pauseAt(nowMs - submittedAtMs);
    return nowMs - (askedAtMs.get(refundId) ?? submittedAtMs) >= pauseMs;
  };

  /** What the desk of a park took that park gives back; its node follows it there. */
  const unlessElsewhere = (error: unknown): void => (error instanceof ForeignStream ? undefined : onError(error));

  return async (limit, stopping) => {
    const nowMs = clock.now();
    const stillOpen = new Map<string, number>();
    let asked = 0;
    let last: OpenRefund | null = null;
    do {
      const page: readonly OpenRefund[] = await refunds.open(last, limit);
      const due = page.filter((refund) => isDue(refund, nowMs));
      for (const { refundId } of page) {
        const lastMs = askedAtMs.get(refundId);
        if (lastMs !== undefined) stillOpen.set(refundId, lastMs);
      }
      for (const { refundId } of due) stillOpen.set(refundId, nowMs);
      asked += await askInChunks(
        due,
        ({ paymentId, refundId }) => {
          const meta: CommandMeta = { actor: 'flow:follow-refunds', correlationId: paymentId };
          return advanceRefund({ paymentId, refundId }, meta).catch(unlessElsewhere);
        },
        stopping,
      );
      last = page.length < limit ? null : (page.at(-1) ?? null);
    } while (last !== null && stopping?.aborted !== true);
    askedAtMs = stillOpen;
    return asked;
  };
}
