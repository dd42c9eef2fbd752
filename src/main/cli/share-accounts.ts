import type { Recorded } from '../../kernel/event-codec.ts';
import type { CapacityGranted, CapacityReturned } from '../../modules/booking/contract.ts';
import type { CapacityTakenBack } from '../../modules/booking/domain/day-grants.ts';
import type { CapacityCredited, ShareFenced } from '../../modules/booking/domain/park-share.ts';
import { ticketTransfers } from '../../modules/booking/domain/ticket-transfers.ts';
import { ticket } from '../../modules/booking/domain/ticket.ts';
import type { TicketEvent } from '../../modules/booking/domain/ticket-messages.ts';
import { isOf, type Author } from './finding.ts';

/** Where the places are that parks were granted of a day, as far as their logs are known here. */
export type SharePlaces = {
  readonly free: number;
  readonly held: number;
  readonly sold: number;
  /** Given up by headquarters, or by a park, and not arrived yet. */
  readonly inFlight: number;
  /** Of logs that were begun anew: nobody may sell them. */
  readonly writtenOff: number;
};

type Moved = { readonly parkId: string; readonly date: string; readonly places: number };
type Day = {
  granted: number;
  credited: number;
  held: number;
  sold: number;
  /** By log of a park. */
  readonly free: Map<string, number>;
  readonly fenced: Set<string>;
  writtenOff: number;
};

const isTicketEvent = (event: Recorded): event is Recorded<TicketEvent> =>
  event.meta.aggregateType === ticket.aggregateType;

const dayName = ({ parkId, date }: Pick<Moved, 'parkId' | 'date'>): string => `${parkId} on ${date}`;

/** Follows the granted places of every day through the logs of headquarters and of the parks. */
export function createShareAccounts() {
  const days = new Map<string, Day>();
  const faults: string[] = [];
  const told = { granted: new Map<string, number>(), returned: new Map<string, number>() };
  const done = { credited: new Map<string, Moved>(), taken: new Map<string, Moved>() };
  const held = new Set<string>();

  function dayOf(day: Pick<Moved, 'parkId' | 'date'>): Day {
    const name = dayName(day);
    const known = days.get(name);
    if (known !== undefined) return known;
    const fresh = {
      granted: 0,
      credited: 0,
      held: 0,
      sold: 0,
      free: new Map(),
      fenced: new Set<string>(),
      writtenOff: 0,
    };
    days.set(name, fresh);
    return fresh;
  }

  function addFree(moved: Pick<Moved, 'parkId' | 'date'>, author: Author, places: number): void {
    const day = dayOf(moved);
    const free = (day.free.get(author.incarnation) ?? 0) + places;
    day.free.set(author.incarnation, free);
    if (free < 0) faults.push(`${dayName(moved)}: ${author.nodeId} has given ${-free} places that it had not`);
  }

  function arrive(arrived: Map<string, Moved>, id: string, moved: Moved): void {
    if (arrived.has(id)) faults.push(`${dayName(moved)}: ${id} arrived twice`);
    arrived.set(id, moved);
  }

  /** What arrived was sent, all of it. */
  const unsent = (sent: ReadonlyMap<string, number>, arrived: ReadonlyMap<string, Moved>): readonly string[] =>
    [...arrived]
      .filter(([id, { places }]) => sent.get(id) !== places)
      .map(
        ([id, moved]) => `${dayName(moved)}: ${moved.places} places arrived as ${id}, ${sent.get(id) ?? 0} were sent`,
      );

  function seeShare(event: Recorded, author: Author): void {
    if (isOf<CapacityGranted>(event, 'CapacityGranted')) {
      told.granted.set(event.data.grantId, event.data.places);
      dayOf(event.data).granted += event.data.places;
    } else if (isOf<CapacityTakenBack>(event, 'CapacityTakenBack')) {
      arrive(done.taken, event.data.returnId, event.data);
      dayOf(event.data).granted -= event.data.places;
    } else if (isOf<CapacityCredited>(event, 'CapacityCredited')) {
      arrive(done.credited, event.data.grantId, event.data);
      dayOf(event.data).credited += event.data.places;
      addFree(event.data, author, event.data.places);
    } else if (isOf<CapacityReturned>(event, 'CapacityReturned')) {
      told.returned.set(event.data.returnId, event.data.places);
      dayOf(event.data).credited -= event.data.places;
      addFree(event.data, author, -event.data.places);
    } else if (isOf<ShareFenced>(event, 'ShareFenced')) fence(event.data, author);
  }

  /** What the log that begins was left of its holds, and all that earlier logs of the node had or will turn out to have had. */
  function fence(data: ShareFenced['data'], { incarnation }: Author): void {
    const day = dayOf(data);
    for (const earlier of day.free.keys()) if (earlier !== incarnation) day.fenced.add(earlier);
    day.writtenOff += day.free.get(incarnation) ?? 0;
    day.free.set(incarnation, 0);
  }

  function seeTicket(event: Recorded<TicketEvent>, author: Author): void {
    const { ticketId } = event.data;
    // A hold that two logs of a node have ended has ended once.
    if (event.type === 'TicketHoldExpired' && !held.delete(ticketId)) return;
    if (event.type === 'TicketHeld') held.add(ticketId);
    if (event.type === 'TicketActivated') held.delete(ticketId);
    for (const { from, to, amount } of ticketTransfers(event)) {
      for (const [account, change] of [
        [from, -amount],
        [to, amount],
      ] as const) {
        const [kind, parkId = '', date = '', bucket] = account?.split('/') ?? [];
        if (kind !== 'capacity') continue;
        if (bucket === 'free') addFree({ parkId, date }, author, change);
        else dayOf({ parkId, date })[bucket === 'held' ? 'held' : 'sold'] += change;
      }
    }
  }

  return {
    /** @param author of the event; tickets are followed where they are not this node's */
    see(event: Recorded, author: Author): void {
      seeShare(event, author);
      if (isTicketEvent(event) && !author.isOwn) seeTicket(event, author);
    },
    faults: (): readonly string[] => [
      ...faults,
      ...unsent(told.granted, done.credited),
      ...unsent(told.returned, done.taken),
    ],
    /** Whether anything was granted of it. */
    isGranted: (name: string): boolean => days.has(name),
    /** @param name `<park> on <date>` */
    of(name: string): SharePlaces {
      const day = days.get(name);
      if (day === undefined) return { free: 0, held: 0, sold: 0, inFlight: 0, writtenOff: 0 };
      let [free, { writtenOff }] = [0, day];
      for (const [incarnation, places] of day.free) {
        if (day.fenced.has(incarnation)) writtenOff += places;
        else free += places;
      }
      return { free, held: day.held, sold: day.sold, inFlight: day.granted - day.credited, writtenOff };
    },
  };
}
