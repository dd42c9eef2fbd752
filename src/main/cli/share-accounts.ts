import type { Recorded } from '../../kernel/event-codec.ts';
import type { CapacityCredited, CapacityGranted, CapacityReturned } from '../../modules/booking/contract.ts';
import type { CapacityTakenBack } from '../../modules/booking/domain/day-grants.ts';
import type { ShareFenced } from '../../modules/booking/domain/park-share.ts';
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
export class ShareAccounts {
  readonly #days = new Map<string, Day>();
  readonly #faults: string[] = [];
  readonly #sent = { granted: new Map<string, number>(), returned: new Map<string, number>() };
  readonly #arrived = { credited: new Map<string, Moved>(), taken: new Map<string, Moved>() };
  /** By grant, the log of a park that it was for, and the one that took it. */
  readonly #lives = { named: new Map<string, string>(), took: new Map<string, string>() };
  readonly #held = new Set<string>();

  /** @param author of the event; tickets are followed where a park sold them to which this node gave places */
  see(event: Recorded, author: Author): void {
    if (isTicketEvent(event)) {
      if (!author.isOwn && !author.isHeadquarters) this.#seeTicket(event, author);
    } else if (isOf<CapacityGranted>(event, 'CapacityGranted')) {
      // A park that heard of it twice heard of one grant: headquarters had forgotten it.
      if (this.#sent.granted.has(event.data.grantId)) return;
      this.#sent.granted.set(event.data.grantId, event.data.places);
      this.#lives.named.set(event.data.grantId, event.data.toIncarnation);
      this.#dayOf(event.data).granted += event.data.places;
    } else if (isOf<CapacityTakenBack>(event, 'CapacityTakenBack')) {
      // So it is with what headquarters has taken back.
      if (author.isHeadquarters && this.#arrived.taken.has(event.data.returnId)) return;
      this.#arrive(this.#arrived.taken, event.data.returnId, event.data);
      this.#dayOf(event.data).granted -= event.data.places;
    } else if (isOf<CapacityCredited>(event, 'CapacityCredited')) {
      this.#arrive(this.#arrived.credited, event.data.grantId, event.data);
      this.#lives.took.set(event.data.grantId, author.incarnation);
      this.#dayOf(event.data).credited += event.data.places;
      this.#addFree(event.data, author, event.data.places);
    } else if (isOf<CapacityReturned>(event, 'CapacityReturned')) {
      this.#sent.returned.set(event.data.returnId, event.data.places);
      this.#dayOf(event.data).credited -= event.data.places;
      this.#addFree(event.data, author, -event.data.places);
    } else if (isOf<ShareFenced>(event, 'ShareFenced')) this.#fence(event.data, author);
  }

  faults(): readonly string[] {
    const { credited, taken } = this.#arrived;
    const unsentPlaces = [...unsent(this.#sent.granted, credited), ...unsent(this.#sent.returned, taken)];
    return [...this.#faults, ...unsentPlaces, ...this.#strayed()];
  }

  /** Whether anything was granted of it. @param name `<park> on <date>` */
  isGranted(name: string): boolean {
    return this.#days.has(name);
  }

  /** @param name `<park> on <date>` */
  of(name: string): SharePlaces {
    const day = this.#days.get(name);
    if (day === undefined) return { free: 0, held: 0, sold: 0, inFlight: 0, writtenOff: 0 };
    let [free, { writtenOff }] = [0, day];
    for (const [incarnation, places] of day.free) {
      if (day.fenced.has(incarnation)) writtenOff += places;
      else free += places;
    }
    return { free, held: day.held, sold: day.sold, inFlight: day.granted - day.credited, writtenOff };
  }

  /** Grants that a log took which they were not for: what was sold of them by the one before is sold again. */
  #strayed(): readonly string[] {
    const { named, took } = this.#lives;
    return [...took]
      .filter(([id, incarnation]) => named.has(id) && named.get(id) !== incarnation)
      .map(([id]) => `${id} was taken by another log of the park than it was for`);
  }

  #dayOf(day: Pick<Moved, 'parkId' | 'date'>): Day {
    const name = dayName(day);
    const known = this.#days.get(name);
    if (known !== undefined) return known;
    const fresh = {
      granted: 0,
      credited: 0,
      held: 0,
      sold: 0,
      free: new Map<string, number>(),
      fenced: new Set<string>(),
      writtenOff: 0,
    };
    this.#days.set(name, fresh);
    return fresh;
  }

  #addFree(moved: Pick<Moved, 'parkId' | 'date'>, author: Author, places: number): void {
    const day = this.#dayOf(moved);
    const free = (day.free.get(author.incarnation) ?? 0) + places;
    day.free.set(author.incarnation, free);
    if (free < 0) this.#faults.push(`${dayName(moved)}: ${author.nodeId} has given ${-free} places that it had not`);
  }

  #arrive(arrived: Map<string, Moved>, id: string, moved: Moved): void {
    if (arrived.has(id)) this.#faults.push(`${dayName(moved)}: ${id} arrived twice`);
    arrived.set(id, moved);
  }

  /** What the log that begins was left of its holds, and all that earlier logs of the node had or will turn out to have had. */
  #fence(data: ShareFenced['data'], { incarnation }: Author): void {
    const day = this.#dayOf(data);
    for (const earlier of day.free.keys()) if (earlier !== incarnation) day.fenced.add(earlier);
    day.writtenOff += day.free.get(incarnation) ?? 0;
    day.free.set(incarnation, 0);
  }

  #seeTicket(event: Recorded<TicketEvent>, author: Author): void {
    const { ticketId } = event.data;
    // A hold that two logs of a node have ended has ended once.
    if (event.type === 'TicketHoldExpired' && !this.#held.delete(ticketId)) return;
    if (event.type === 'TicketHeld') this.#held.add(ticketId);
    if (event.type === 'TicketActivated') this.#held.delete(ticketId);
    for (const { from, to, amount } of ticketTransfers(event)) {
      this.#move(from, -amount, author);
      this.#move(to, amount, author);
    }
  }

  #move(account: string | null, change: number, author: Author): void {
    const [kind, parkId = '', date = '', bucket] = account?.split('/') ?? [];
    if (kind !== 'capacity') return;
    if (bucket === 'free') this.#addFree({ parkId, date }, author, change);
    else this.#dayOf({ parkId, date })[bucket === 'held' ? 'held' : 'sold'] += change;
  }
}

/** What arrived was sent, all of it. */
const unsent = (sent: ReadonlyMap<string, number>, arrived: ReadonlyMap<string, Moved>): readonly string[] =>
  [...arrived]
    .filter(([id, { places }]) => sent.get(id) !== places)
    .map(([id, moved]) => `${dayName(moved)}: ${moved.places} places arrived as ${id}, ${sent.get(id) ?? 0} were sent`);
