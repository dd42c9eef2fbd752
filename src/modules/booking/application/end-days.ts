import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import { ticket } from '../domain/ticket.ts';

/** Port: paid tickets that nobody used and whose day is over, of all parks. */
export type UnusedTickets = (nowMs: number, limit: number) => Promise<readonly string[]>;

/** Expires tickets whose day is over; answers how many it looked at. Their places stay sold. */
export type EndDays = (limit: number, meta: CommandMeta) => Promise<number>;

type Dependencies = { readonly runner: CommandRunner; readonly clock: Clock; readonly unusedTickets: UnusedTickets };

export function createEndDays({ runner, clock, unusedTickets }: Dependencies): EndDays {
  return async (limit, meta) => {
    const nowMs = clock.now();
    const unused = await unusedTickets(nowMs, limit);
    await Promise.all(unused.map((ticketId) => runner.run(ticket, ticketId, { kind: 'end_day', nowMs }, meta)));
    return unused.length;
  };
}
