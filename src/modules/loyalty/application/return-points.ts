import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { assert } from '../../../kernel/assert.ts';
import { MS_A_DAY, type Clock } from '../../../kernel/time.ts';
import { points } from '../domain/points.ts';
import { pointsStream } from './points-of.ts';
import type { Accounts, FindFigures } from './ports.ts';

/**
 * Gives back what was spent on a ticket, if anything was, but for `left` points: 0 when the ticket ends without a visit.
 * Harmless to repeat.
 */
export type ReturnPoints = (ticketId: string, left: number, meta: CommandMeta) => Promise<void>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly accounts: Pick<Accounts, 'spenderOn'>;
  readonly findFigures: FindFigures;
};

export const createReturnPoints =
  ({ runner, ids, clock, accounts, findFigures }: Dependencies): ReturnPoints =>
  async (ticketId, left, meta) => {
    const userId = await accounts.spenderOn(ticketId);
    if (userId === null) return;
    const { returnedDays } = await findFigures();
    const nowMs = clock.now();
    const untilAtLeastMs = nowMs + returnedDays * MS_A_DAY;
    const command = { kind: 'return', userId, ticketId, left, untilAtLeastMs, nowMs } as const;
    const done = await runner.run(points, pointsStream(ids, userId), command, meta);
    assert(done.ok, 'points come back without a condition');
  };
