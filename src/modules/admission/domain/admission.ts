import { assert, unreachable } from '../../../kernel/assert.ts';
import type { Decider, Transfer } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type {
  AdmissionCommand,
  AdmissionEvent,
  AdmissionRefusal,
  AdmissionState,
  EntryLimitExceeded,
  EntryLimitOverridden,
  Override,
  PassedOffline,
  PeopleAdmitted,
  ReEntry,
} from './admission-messages.ts';
import { evolve, initial, isVoided, join, withEntry, without } from './admission-state.ts';
import { entryAccount } from './entry-limit.ts';
import { incidentsOf } from './incident.ts';

type Occupied = { readonly partySize: number; readonly entered: number; readonly inside: number };

/** How many of a party may still come in. */
export const placesLeft = ({ partySize, entered, inside }: Occupied, reEntry: ReEntry): number =>
  Math.max(0, partySize - (reEntry === 'same_day' ? inside : entered));

/** Who may come in: first those who never did, then, where the park lets them, those who went out. */
function placesOutside(partySize: number, state: AdmissionState, reEntry: ReEntry): readonly number[] {
  const all = Array.from({ length: partySize }, (_, index) => index + 1);
  const fresh = without(all, state.entered);
  return reEntry === 'same_day' ? [...fresh, ...without(state.entered, state.inside)] : fresh;
}

/** What the ticket was ended as, for good or for this day, because it was moved; null when it was not. */
const endedAs = (state: AdmissionState, { visitDate }: AdmissionCommand): 'cancelled' | 'revoked' | null =>
  isVoided(state) ? 'cancelled' : state.ends.some(({ day }) => day === visitDate) ? 'revoked' : null;

/** Whether the party came in on another day, by a code from before it moved or after: only one of the two is its day. */
const isSpent = ({ usedOn }: AdmissionState, { visitDate }: AdmissionCommand): boolean =>
  usedOn !== null && usedOn !== visitDate;

function decide(command: AdmissionCommand, state: AdmissionState): Result<readonly AdmissionEvent[], AdmissionRefusal> {
  const { kind, people, reEntry, overLimit, override, offline, ...scan } = command;
  if (Object.hasOwn(state.scans, scan.scanId)) return ok([]); // told twice
  const { partySize } = scan;
  const spent = isSpent(state, command);
  const outside = spent ? [] : placesOutside(partySize, state, reEntry);
  const free = kind === 'admit' ? outside : state.inside;
  const able = kind === 'admit' ? free.length : free.length + state.excessInside;
  const left = spent
    ? 0
    : placesLeft({ partySize, entered: state.entered.length, inside: state.inside.length }, reEntry);
  const ended = endedAs(state, command);
  const over = ended ?? offline?.endedAs ?? null;
  if (kind === 'admit' && offline !== undefined && (over !== null || (people ?? partySize) > able)) {
    return ok(letInExcess(command, { ...offline, endedAs: over }, state, over === null ? free : []));
  }
  if (kind === 'admit' && ended !== null) return refuse({ code: ended, remaining: left });
  if (able === 0) return refuse({ code: 'already_used', remaining: left });
  const asked = people ?? able;
  const count = kind === 'exit' && offline !== undefined ? Math.min(asked, able) : asked;
  if (count > able) return refuse({ code: 'partly_used', remaining: left });
  if (kind === 'admit') {
    const admitted = admittedTo(free.slice(0, count), command, state);
    if (override !== null) return ok([admitted, overriddenBy(override, admitted)]);
    return ok(overLimit ? [admitted, exceededBy(scan, count)] : [admitted]);
  }
  // Those in excess go out first: the party's own may come in again.
  const places = free.slice(0, count - Math.min(count, state.excessInside));
  const totals = {
    partySize,
    entered: state.entered.length,
    inside: state.inside.length + state.excessInside - count,
  };
  const data = { ...scan, ...totals, people: count, places, remaining: placesLeft(totals, reEntry) };
  const scannedAtMs = Math.max(scan.scannedAtMs, state.lastEntryMs);
  // Whoever came in before the ticket was moved leaves the day on which they came.
  const [visitDate, counted] = [state.day ?? scan.visitDate, overLimit ? 0 : Math.min(count, state.counted)];
  return ok([{ type: 'PeopleExited', data: { ...data, visitDate, scannedAtMs, counted } }]);
}

function admittedTo(free: readonly number[], command: AdmissionCommand, state: AdmissionState): PeopleAdmitted {
  const { kind: _kind, people: _people, override: _override, offline: _offline, reEntry, overLimit, ...scan } = command;
  const places = free.toSorted((a, b) => a - b);
  const inside = join(state.inside, places).length + state.excessInside;
  const totals = { partySize: scan.partySize, entered: join(state.entered, places).length, inside };
  const data = { ...scan, ...totals, people: places.length, places, remaining: placesLeft(totals, reEntry) };
  return {
    type: 'PeopleAdmitted',
    data: { ...data, counted: places.length, first: state.entered.length === 0, overLimit },
  };
}

/** @param free the places that the ticket was still good for */
function letInExcess(
  command: AdmissionCommand,
  offline: PassedOffline,
  state: AdmissionState,
  free: readonly number[],
): readonly AdmissionEvent[] {
  const { kind: _kind, people, override: _override, offline: _offline, reEntry, overLimit, ...scan } = command;
  const { partySize, scanId, scannedAtMs, nodeId, gate, visitDate: day } = scan;
  const cameIn = people ?? partySize;
  const admitted = free.length === 0 ? [] : [admittedTo(free, command, state)];
  const after = admitted.reduce(evolve, state);
  const excess = cameIn - free.length;
  const entries = withEntry(after.entries, {
    scanId,
    people: cameIn,
    scannedAtMs,
    nodeId,
    gate,
    inExcess: excess,
    day,
  });
  const incidents = incidentsOf(entries, after.excess + excess, offline.incidentIds);
  const own = incidents.find(({ scanIds }) => scanIds.includes(scanId)) ?? incidents.at(-1);
  assert(own, 'people in excess make an incident');
  const inside = after.inside.length + after.excessInside + excess;
  const totals = { partySize, entered: after.entered.length, inside };
  const data = {
    ...scan,
    ...totals,
    people: excess,
    cameIn,
    overLimit,
    remaining: placesLeft(totals, reEntry),
    counted: excess,
    outcome: offline.endedAs ?? (free.length === 0 ? 'already_used' : 'partly_used'),
    incidentId: own.incidentId,
    incidents,
  } as const;
  const inExcess = { type: 'PeopleAdmittedInExcess', data } as const;
  return overLimit ? [...admitted, inExcess, exceededBy(scan, cameIn)] : [...admitted, inExcess];
}

function overriddenBy({ by, reason }: Override, { data }: PeopleAdmitted): EntryLimitOverridden {
  const { ticketId, userId, parkId, visitDate, scanId, people } = data;
  const subjectId = userId ?? ticketId;
  return {
    type: 'EntryLimitOverridden',
    data: { ticketId, subjectId, parkId, visitDate, scanId, people, by, reason },
  };
}

type Seen = Omit<EntryLimitExceeded['data'], 'people'>;

function exceededBy(
  { ticketId, parkId, visitDate, scanId, gate, scannedAtMs }: Seen,
  people: number,
): EntryLimitExceeded {
  return { type: 'EntryLimitExceeded', data: { ticketId, parkId, visitDate, scanId, people, gate, scannedAtMs } };
}

/** Who comes in takes room of the day, who goes out gives it back. */
function transfersOf(event: AdmissionEvent): readonly Transfer[] {
  switch (event.type) {
    case 'PeopleAdmitted':
    case 'PeopleExited': {
      const { data } = event;
      const [room, inside] = [entryAccount(data, 'room'), entryAccount(data, 'inside')];
      if (data.counted === 0) return [];
      return event.type === 'PeopleExited'
        ? [{ from: inside, to: room, amount: data.counted }]
        : [{ from: room, to: inside, amount: data.counted, overdraws: event.data.overLimit }];
    }
    case 'PeopleAdmittedInExcess': {
      const { data } = event;
      const [room, inside] = [entryAccount(data, 'room'), entryAccount(data, 'inside')];
      return [{ from: room, to: inside, amount: data.people, overdraws: data.overLimit }];
    }
    case 'EntryLimitOverridden':
    case 'EntryLimitExceeded':
    case 'AdmissionVoided':
    case 'VoidDenied':
    // The counters of the day go on by themselves (`GateDayInherited`).
    case 'AdmissionRecounted':
      return [];
    default:
      return unreachable(event, 'admission event');
  }
}

/**
 * Who of one ticket's party came in and went out. Its stream is the one place where gates meet, so no place is inside
 * twice, and without re-entry none comes in twice; what a gate that was cut off has done all the same is an incident. Dates,
 * payment and cancellation are checked before (`gateRefusal`).
 */
export const admission: Decider<AdmissionCommand, AdmissionState, AdmissionEvent, AdmissionRefusal> = {
  aggregateType: 'Admission',
  initial,
  decide,
  transfersOf,
  evolve,
};
