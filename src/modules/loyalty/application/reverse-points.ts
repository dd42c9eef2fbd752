import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { assert } from '../../../kernel/assert.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { TicketRefund } from '../contract.ts';
import { points } from '../domain/points.ts';
import { pointsStream } from './points-of.ts';

/**
 * Takes back what a refunded ticket earned, in proportion to the money, once a refund. A ticket that has earned nothing yet
 * earns the less later.
 */
export type ReversePoints = (refund: TicketRefund, meta: CommandMeta) => Promise<void>;

type Dependencies = { readonly runner: CommandRunner; readonly ids: Ids; readonly clock: Clock };

export const createReversePoints =
  ({ runner, ids, clock }: Dependencies): ReversePoints =>
  async (refund, meta) => {
    const command = { kind: 'reverse', ...refund, nowMs: clock.now() } as const;
    const done = await runner.run(points, pointsStream(ids, refund.userId), command, meta);
    assert(done.ok, 'points are reversed without a condition');
  };
