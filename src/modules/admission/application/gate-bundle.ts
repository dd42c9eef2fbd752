import type { EventStore } from '../../../kernel/event-store.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import { addDays, type Clock, type LocalDate, type Zone } from '../../../kernel/time.ts';
import type { CodeSigner } from '../contract.ts';
import { writeAllowance } from '../domain/device-words.ts';
import { amberOf } from '../domain/quota.ts';
import { gateTicketOf, remainingOf, type Gatekeeper, type GateTicket } from './gate-ticket.ts';
import type { Admissions, GateRules, HomeOf, Tickets } from './ports.ts';

/** The public half of a key that signs admission codes, by the id that a code names it with. */
export type GateKey = {
  readonly keyId: string;
  /** The 32 bytes of the Ed25519 key, as base64url. */
  readonly x: string;
};

/** What changed about a ticket on one of its days. */
export type GateNews = {
  readonly ticketId: string;
  readonly visitDate: LocalDate;
  /** Where in the log it changed last. */
  readonly position: number;
  /** Why nobody comes in by it on this day any more; null while somebody may. */
  readonly revokedAs: 'cancelled' | 'voided' | 'moved' | null;
};

/** Port: what gates have to hear of, oldest change first: tickets of two days, and what was revoked of the days after. */
export type GateDays = {
  news(query: {
    readonly parkId: string;
    readonly today: LocalDate;
    readonly tomorrow: LocalDate;
    /** Only what changed after this position. */
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly GateNews[]>;
};

/** How far a gate has heard: the last day it was told of whole, and the position up to which. */
export type HeardOf = { readonly through: LocalDate; readonly position: number };

export type GateBundle = {
  readonly parkId: string;
  readonly today: LocalDate;
  /** Everything before it is in, in ms since 1970. */
  readonly asOfMs: number;
  readonly keys: readonly GateKey[];
  /** Of today and tomorrow, the days whose gates another node serves: a device gets no allowance for them here. */
  readonly elsewhere: readonly LocalDate[];
  /** What the device that asks may do alone, today and tomorrow, signed; none for staff. */
  readonly allowances: readonly string[];
  /** When this node last heard of headquarters what was revoked; null before the first time. */
  readonly revocationsAsOfMs: number | null;
  readonly revocations: readonly GateNews[];
  readonly tickets: readonly GateTicket[];
  readonly heardOf: HeardOf;
  /** Whether there is more to hear at once. */
  readonly hasMore: boolean;
};

/**
 * What a gate needs to work where there is no network.
 * @param query.since null is everything
 * @param query.limit most changes, or one more where a ticket was moved
 * @returns a refusal where another node serves the gates of both days
 */
export type ReadGateBundle = (
  query: {
    readonly parkId: string;
    /** The device that asks; null for staff. */
    readonly deviceId: string | null;
    readonly since: HeardOf | null;
    readonly limit: number;
  },
  gatekeeper: Gatekeeper,
) => Promise<Result<GateBundle, { readonly code: 'not_home' }>>;

/** Port: keys whose codes are good at a park, of all nodes. */
export type GateKeysOf = (parkId: string) => Promise<readonly GateKey[]>;

type Dependencies = {
  readonly store: Pick<EventStore, 'headPosition'>;
  readonly gateDays: GateDays;
  readonly tickets: Pick<Tickets, 'byId'>;
  readonly admissions: Pick<Admissions, 'find'>;
  readonly gateRules: GateRules;
  readonly homeOf: HomeOf;
  readonly nodeId: string;
  readonly gateKeys: GateKeysOf;
  readonly signer: CodeSigner;
  /** Most people that a device may let in alone in an hour. */
  readonly alonePerHour: number;
  /** When this node last heard headquarters; null before the first time. */
  readonly heardAtMs: () => Promise<number | null>;
  readonly clock: Clock;
  readonly zone: Zone;
};

export function createReadGateBundle(dependencies: Dependencies): ReadGateBundle {
  const { store, gateDays, tickets, admissions, gateRules, gateKeys, signer, heardAtMs, clock, zone } = dependencies;
  const { homeOf, nodeId } = dependencies;
  const greenPerHour = dependencies.alonePerHour;

  /** The same words all day, so that a device that heard them need not hear them again. */
  const allowanceOf = (deviceId: string, parkId: string, date: LocalDate, timeZone: string): string =>
    writeAllowance(
      {
        deviceId,
        parkId,
        date,
        greenPerHour,
        amberPerHour: amberOf(greenPerHour),
        notBeforeMs: zone.instantOf(date, '00:00', timeZone),
        notAfterMs: zone.instantOf(addDays(date, 1), '00:00', timeZone) - 1,
      },
      signer,
    );

  /**
   * Where to go on. A day that has come near meanwhile must be told of whole, and a position that the log has not reached is of
   * another log, such as one before a restore: both begin anew.
   */
  async function positionAfter(since: HeardOf | null, tomorrow: LocalDate): Promise<number> {
    if (since?.through !== tomorrow) return 0;
    return since.position > (await store.headPosition()) ? 0 : since.position;
  }

  return async ({ parkId, deviceId, since, limit }, gatekeeper) => {
    const { timeZone, reEntry } = await gateRules(parkId);
    const asOfMs = clock.now();
    const today = zone.dateAt(asOfMs, timeZone);
    const tomorrow = addDays(today, 1);
    const days = [today, tomorrow];
    const homes = await Promise.all(days.map((date) => homeOf(parkId, date)));
    if (!homes.includes(nodeId)) return refuse({ code: 'not_home' });
    const elsewhere = days.filter((_date, index) => homes[index] !== nodeId);
    const after = await positionAfter(since, tomorrow);
    // A move is news of both of its days at one position, which are told together.
    const found = await gateDays.news({ parkId, today, tomorrow, after, limit: limit + 2 });
    const last = found[limit - 1]?.position ?? Infinity;
    const news = found.filter(({ position }) => position <= last);
    // Asked at once, the look-ups of a page share one statement each.
    const cards = news.map(async ({ ticketId, visitDate, revokedAs }) => {
      if (revokedAs !== null) return [];
      const [ticket, record] = await Promise.all([tickets.byId(ticketId), admissions.find(ticketId)]);
      // Moved away since the news were read: the next page tells.
      if (ticket === null || ticket.visitDate !== visitDate) return [];
      const seen = { used: record !== null, remaining: remainingOf(ticket, record, reEntry) };
      return [gateTicketOf(ticket, seen, gatekeeper)];
    });
    return ok({
      parkId,
      today,
      elsewhere,
      asOfMs,
      keys: await gateKeys(parkId),
      allowances: days.flatMap((date) =>
        deviceId === null || elsewhere.includes(date) ? [] : allowanceOf(deviceId, parkId, date, timeZone),
      ),
      revocationsAsOfMs: await heardAtMs(),
      revocations: news.filter(({ revokedAs }) => revokedAs !== null),
      tickets: (await Promise.all(cards)).flat(),
      heardOf: { through: tomorrow, position: news.at(-1)?.position ?? after },
      hasMore: found.length > news.length,
    });
  };
}
