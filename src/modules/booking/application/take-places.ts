import type { CommandMeta, CommandRunner, Step, StoreRefusal, UnitDone } from '../../../kernel/command-runner.ts';
import type { Claim } from '../../../kernel/event-store.ts';
import { refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, LocalDate } from '../../../kernel/time.ts';
import { capacityAccount } from '../domain/capacity.ts';
import { ticket } from '../domain/ticket.ts';
import { dayName } from './follow-quota.ts';
import type { OpenDay } from './open-day.ts';
import type { ExpiredHolds, IsFenced } from './ports.ts';

/** Most overdue holds that are ended before the sale is tried again: as many as the largest party can need. */
const MOST_EXPIRIES = 100;
/** Others may take what was just freed; after this often the day counts as full. */
const MOST_TRIES = 20;

/** A sale: the ticket's own step first, and what else is stored with it or not at all. */
type Request<Refusal> = {
  readonly parkId: string;
  readonly date: LocalDate;
  /** Quota of the day, should this be its first sale; null when it must have been sold from before. */
  readonly dayQuota: number | null;
  /** The ticket holds its places already. */
  readonly isHeld?: boolean;
  readonly steps: readonly Step<Refusal>[];
  /** Names taken or given up in the same append. */
  readonly claims?: readonly Claim[];
  readonly meta: CommandMeta;
};

export type TakePlaces = <Refusal extends { readonly code: string }>(
  request: Request<Refusal>,
) => Promise<Result<UnitDone, Refusal | StoreRefusal>>;

type Day = Pick<Request<never>, 'parkId' | 'date' | 'dayQuota' | 'meta'>;

/** Whether it is places that lack, and not another counter of the same append. */
const lacksPlaces = <Refusal extends { readonly code: string }>(refusal: Refusal | StoreRefusal): boolean =>
  refusal.code === 'insufficient' && 'account' in refusal && refusal.account.startsWith('capacity/');

type Dependencies = {
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly expiredHolds: ExpiredHolds;
  /** Null at a park, which sells what it was granted of a day and nothing else. */
  readonly openDay: OpenDay | null;
  readonly isFenced: IsFenced;
};

/**
 * Stores a sale if the day has places. A hold that ended unpaid counts as free: when places lack, the expiries that nobody
 * has written are written and the sale is tried again, so no timer stands between a guest and a free place. A day is opened
 * by its first sale.
 */
export function createTakePlaces({ runner, clock, expiredHolds, openDay, isFenced }: Dependencies): TakePlaces {
  // Days known to be open, so that a full day does not ask the log again and again; one short name a park and day.
  const opened = new Set<string>();
  // Sweeps under way: buyers of one full day wait for the same one instead of ending the same holds side by side.
  const sweeps = new Map<string, Promise<boolean>>();

  async function open(name: string, { parkId, date, dayQuota, meta }: Day): Promise<boolean> {
    if (openDay === null || dayQuota === null || opened.has(name)) return false;
    await openDay(parkId, date, dayQuota, contextOf(meta));
    opened.add(name);
    return true;
  }

  /** Whether there were holds to end, by whomever they then were. */
  async function sweepDay({ parkId, date, meta }: Day): Promise<boolean> {
    const nowMs = clock.now();
    const overdue = await expiredHolds(parkId, date, nowMs, MOST_EXPIRIES);
    const context = contextOf(meta);
    await Promise.all(overdue.map((ticketId) => runner.run(ticket, ticketId, { kind: 'expire', nowMs }, context)));
    return overdue.length > 0;
  }

  function sweep(name: string, request: Day): Promise<boolean> {
    const underWay = sweeps.get(name);
    if (underWay !== undefined) return underWay;
    const started = sweepDay(request).finally(() => sweeps.delete(name));
    sweeps.set(name, started);
    return started;
  }

  return async (request) => {
    const { parkId, date, steps, meta, claims = [], isHeld = false } = request;
    if (!isHeld && (await isFenced(parkId, date))) {
      return refuse({ code: 'insufficient', account: capacityAccount(parkId, date, 'free'), available: 0 });
    }
    const name = dayName(parkId, date);
    let done = await runner.runAll(steps, meta, { claims });
    let isLastTry = false;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (done.ok || !lacksPlaces(done.refusal)) return done;
      const mayFitNow = (await open(name, request)) || (await sweep(name, request));
      // Where there was nothing to end, somebody else may have ended it since the sale was refused.
      if (!mayFitNow && isLastTry) return done;
      isLastTry = !mayFitNow;
      done = await runner.runAll(steps, meta, { claims });
    }
    return done;
  };
}

/** Opening a day and ending holds are no part of the command that needed them: its id is for the sale alone. */
const contextOf = ({ correlationId, parkId }: CommandMeta): CommandMeta => ({
  actor: 'system',
  correlationId,
  ...(parkId === undefined ? {} : { parkId }),
});
