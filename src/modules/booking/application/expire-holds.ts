import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import { ticket } from '../domain/ticket.ts';
import type { IsSetBack } from './ports.ts';

/** Port: tickets whose hold ended unpaid, of all parks, oldest first. */
export type OverdueHolds = (nowMs: number, limit: number) => Promise<readonly string[]>;

/** Writes the expiries that no sale has needed to write; answers how many tickets it looked at. */
export type ExpireHolds = (limit: number, meta: CommandMeta) => Promise<number>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly overdueHolds: OverdueHolds;
  readonly isSetBack: IsSetBack;
};

/** Headquarters that was set back waits with all of it: what it remembers as unpaid may be a good ticket, as parks will say. */
export function createExpireHolds({ runner, clock, overdueHolds, isSetBack }: Dependencies): ExpireHolds {
  return async (limit, meta) => {
    if (await isSetBack()) return 0;
    const nowMs = clock.now();
    const overdue = await overdueHolds(nowMs, limit);
    await Promise.all(overdue.map((ticketId) => runner.run(ticket, ticketId, { kind: 'expire', nowMs }, meta)));
    return overdue.length;
  };
}
