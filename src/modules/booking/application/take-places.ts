import { step, type CommandMeta, type CommandRunner, type Step, type StoreRefusal, type UnitDone } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Result } from '../../../kernel/result.ts';
import type { Clock, LocalDate } from '../../../kernel/time.ts';
import { day } from '../domain/capacity.ts';
import { ticket, type TicketRefusal } from '../domain/ticket.ts';
import type { ExpiredHolds } from './ports.ts';

/** Most expired holds one sale sweeps up. */
const MOST_EXPIRIES = 50;
/** Others may take what was just freed; after this often the day counts as full. */
const MOST_TRIES = 4;

type Request = {
  readonly parkId: string;
  readonly date: LocalDate;
  readonly places: number;
  /** Quota of the day, should this be its first sale; null when it must have been sold from before. */
  readonly dayQuota: number | null;
  readonly step: Step<TicketRefusal>;
  readonly meta: CommandMeta;
};

export type TakePlaces = (request: Request) => Promise<Result<UnitDone, TicketRefusal | StoreRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly expiredHolds: ExpiredHolds;
};

/**
 * Stores a sale if the day has places. A hold that ended unpaid counts as free: when places lack, the sale writes such
 * expiries in its own append, so no timer stands between a guest and a free place. A day is opened by its first sale.
 */
export function createTakePlaces({ runner, ids, clock, expiredHolds }: Dependencies): TakePlaces {
  // Days known to be open, so that a full day does not ask the log again and again. Bounded by the booking horizon.
  const opened = new Set<string>();

  async function openDay({ parkId, date, dayQuota, meta }: Request): Promise<boolean> {
    const name = `day:${parkId}/${date}`;
    if (dayQuota === null || opened.has(name)) return false;
    const { commandId: _ofTheSale, ...context } = meta;
    await runner.run(day, ids.derive(name), { kind: 'open', parkId, date, quota: dayQuota }, { ...context, parkId });
    opened.add(name);
    return true;
  }

  async function expiriesFor(request: Request, lacking: number): Promise<readonly Step<TicketRefusal>[]> {
    const nowMs = clock.now();
    const holds = await expiredHolds(request.parkId, request.date, nowMs, MOST_EXPIRIES);
    const steps: Step<TicketRefusal>[] = [];
    let freed = 0;
    for (const { ticketId, places } of holds) {
      if (freed >= lacking) break;
      freed += places;
      steps.push(step(ticket, ticketId, { kind: 'expire', nowMs }));
    }
    return freed >= lacking ? steps : [];
  }

  return async (request) => {
    let done = await runner.runAll([request.step], request.meta);
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (done.ok || done.refusal.code !== 'insufficient') return done;
      const isNew = await openDay(request);
      const expiries = isNew ? [] : await expiriesFor(request, request.places - done.refusal.available);
      if (!isNew && expiries.length === 0) return done;
      done = await runner.runAll([...expiries, request.step], request.meta);
    }
    return done;
  };
}
