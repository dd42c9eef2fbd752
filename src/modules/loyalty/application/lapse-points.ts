import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import { points } from '../domain/points.ts';
import { pointsStream } from './points-of.ts';
import type { Accounts } from './ports.ts';

/** Writes off points past their time, which count no more anyway. Answers how many guests had some, `limit` at most. */
export type LapsePoints = (limit: number, meta: CommandMeta) => Promise<number>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly accounts: Pick<Accounts, 'withOverdueLots'>;
};

export const createLapsePoints =
  ({ runner, ids, clock, accounts }: Dependencies): LapsePoints =>
  async (limit, meta) => {
    const nowMs = clock.now();
    const userIds = await accounts.withOverdueLots(nowMs, limit);
    for (const userId of userIds) {
      await runner.run(points, pointsStream(ids, userId), { kind: 'lapse', userId, nowMs }, meta);
    }
    return userIds.length;
  };
