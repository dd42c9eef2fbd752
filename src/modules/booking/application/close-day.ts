import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { PARKS_TIME_ZONE, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import { dayClosing } from '../domain/day-closing.ts';
import type { CancelTicket } from './cancel-ticket.ts';
import type { ClosedDay, DayClosings } from './day-closings.ts';
import type { ParkDays } from './ports.ts';

/** Starts the end of a sold day, which its park's calendar must have closed. Told twice, it does nothing. */
export type StartDayClosing = (
  closing: { readonly parkId: string; readonly date: LocalDate; readonly reason: string },
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'park_not_found' | 'day_not_closed' }>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly zone: Zone;
  readonly parkDays: ParkDays;
  readonly closings: Pick<DayClosings, 'since' | 'waiting'>;
  readonly cancelTicket: CancelTicket;
};

export function createStartDayClosing({
  runner,
  ids,
  clock,
  parkDays,
}: Pick<Dependencies, 'runner' | 'ids' | 'clock' | 'parkDays'>): StartDayClosing {
  return async ({ parkId, date, reason }, meta) => {
    const offer = await parkDays(parkId, date);
    if (offer === null) return refuse({ code: 'park_not_found' });
    if (offer.hours !== null) return refuse({ code: 'day_not_closed' });
    const closingId = ids.derive(`day-closing:${parkId}/${date}`);
    const command = { kind: 'start', closingId, parkId, date, reason, startedAtMs: clock.now() } as const;
    const done = await runner.run(dayClosing, closingId, command, { ...meta, parkId });
    assert(done.ok, 'the end of a closed day can always be started');
    return ok(null);
  };
}

/**
 * Cancels what is left of the days that end, `limit` tickets at a time; answers how many it looked at. It keeps nothing in
 * mind: whoever runs it next sees in the tickets how far it came. A day stays watched until it is over, because a sale that
 * began before the closing, or late money, may still make a ticket of it valid; a day that was opened again is left alone.
 *
 * Every node cancels what it sold: a park hears of the closing, as of every fact about its days, and ends its desk's tickets itself.
 */
export type CancelClosedDays = (limit: number, meta: CommandMeta, stopping?: AbortSignal) => Promise<number>;

export function createCancelClosedDays({
  clock,
  zone,
  parkDays,
  closings,
  cancelTicket,
}: Omit<Dependencies, 'runner' | 'ids'>): CancelClosedDays {
  return async (limit, meta, stopping) => {
    let seen = 0;
    const failures: unknown[] = [];

    async function cancelAll(day: ClosedDay): Promise<void> {
      for (let after: string | null = null; stopping?.aborted !== true;) {
        const page: readonly string[] = await closings.waiting(day, clock.now(), after, limit);
        const { reason } = day;
        const cancelled = page.map((ticketId) =>
          // A refusal is no failure: somebody came in meanwhile, or its hold ended.
          cancelTicket({ ticketId, why: 'day_closed', userId: null, reason }, { ...meta, causationId: day.closingId }),
        );
        for (const one of await Promise.allSettled(cancelled)) {
          if (one.status === 'rejected') failures.push(one.reason);
        }
        seen += page.length;
        after = page.at(-1) ?? null;
        if (page.length < limit) return;
      }
    }

    for (const day of await closings.since(zone.dateAt(clock.now(), PARKS_TIME_ZONE))) {
      const isClosed = (await parkDays(day.parkId, day.date))?.hours === null;
      if (isClosed) await cancelAll(day);
    }
    // One ticket that fails keeps no other from being cancelled, but somebody has to hear of it.
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} tickets could not be cancelled`);
    return seen;
  };
}
