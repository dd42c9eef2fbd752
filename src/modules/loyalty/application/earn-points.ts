import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { assert } from '../../../kernel/assert.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { VisitEarning } from '../contract.ts';
import { monthsAfter, pointsFor } from '../domain/figures.ts';
import { points } from '../domain/points.ts';
import { pointsStream } from './points-of.ts';
import type { FindFigures } from './ports.ts';

/** Credits the points of a visit, once a ticket. */
export type EarnPoints = (earning: VisitEarning, meta: CommandMeta) => Promise<void>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly findFigures: FindFigures;
};

export const createEarnPoints =
  ({ runner, ids, clock, findFigures }: Dependencies): EarnPoints =>
  async ({ userId, ticketId, paidTyiyn, visitedAtMs }, meta) => {
    const figures = await findFigures();
    const command = {
      kind: 'earn',
      userId,
      ticketId,
      paidTyiyn,
      points: pointsFor(paidTyiyn, figures),
      earnedAtMs: visitedAtMs,
      expiresAtMs: monthsAfter(visitedAtMs, figures.validMonths),
      nowMs: clock.now(),
    } as const;
    const done = await runner.run(points, pointsStream(ids, userId), command, meta);
    assert(done.ok, 'points are earned without a condition');
  };
