import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Clock, LocalDate } from '../../../kernel/time.ts';
import { createTwiceReadClock } from '../../../kernel/twice-read-clock.ts';
import { ticket } from '../domain/ticket.ts';
import type { GateDayOver, HomeOf } from './ports.ts';

type Day = { readonly parkId: string; readonly date: LocalDate };

/**
 * Port: paid tickets that this node writes, that nobody used and whose day is over, without those whose gates were asked, also of the day
 * they have left.
 */
export type UnusedTickets = {
  /** Days that have any, of all parks, the oldest first. */
  days(nowMs: number): Promise<readonly Day[]>;
  of(days: readonly Day[], nowMs: number, limit: number): Promise<readonly string[]>;
};

/** Expires tickets whose day is over; answers how many it looked at. Their places stay sold. */
export type EndDays = (limit: number, meta: CommandMeta) => Promise<number>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly nodeId: string;
  readonly homeOf: HomeOf;
  readonly gateDayOver: GateDayOver;
  readonly unusedTickets: UnusedTickets;
};

/**
 * Whether nobody came in by a ticket only its gates know: where another node serves them, they must have said that the day is over.
 * A ticket that they were asked to end waits for their answer also then, because an entry may be in their log before it.
 */
export function createEndDays(dependencies: Dependencies): EndDays {
  const { runner, clock, nodeId, homeOf, gateDayOver, unusedTickets } = dependencies;
  const isKnown = async ({ parkId, date }: Day): Promise<boolean> =>
    (await homeOf(parkId, date)) === nodeId || (await gateDayOver(parkId, date));
  return async (limit, meta) => {
    const nowMs = clock.now();
    const days = await unusedTickets.days(nowMs);
    const known = await Promise.all(days.map(isKnown));
    const over = days.filter((_day, index) => known[index]);
    const unused = over.length === 0 ? [] : await unusedTickets.of(over, nowMs, limit);
    await Promise.all(unused.map((ticketId) => runner.run(ticket, ticketId, { kind: 'end_day', nowMs }, meta)));
    return unused.length;
  };
}

/** The same by a clock that is read twice: a ticket that has ended does not come back. */
export const createSureEndDays = (dependencies: Dependencies): EndDays =>
  createEndDays({ ...dependencies, clock: createTwiceReadClock(dependencies.clock) });
