import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { assert } from '../../../kernel/assert.ts';
import type { VisitEarning } from '../contract.ts';
import { points } from '../domain/points.ts';

/** Credits the points of a visit, once a ticket. */
export type EarnPoints = (earning: VisitEarning, meta: CommandMeta) => Promise<void>;

export const createEarnPoints =
  (runner: CommandRunner, ids: Ids): EarnPoints =>
  async ({ userId, ticketId, paidTyiyn, visitedAtMs }, meta) => {
    const streamId = ids.derive(`points:${userId}`);
    const command = { kind: 'earn', userId, ticketId, paidTyiyn, earnedAtMs: visitedAtMs } as const;
    const done = await runner.run(points, streamId, command, meta);
    assert(done.ok, 'points are earned without a condition');
  };
