import { unreachable } from '../../../kernel/assert.ts';
import type {
  AdmissionEvent,
  AdmissionRecounted,
  AdmissionState,
  CountedEntry,
  Passage,
  PassageData,
  PeopleAdmitted,
  PeopleAdmittedInExcess,
  PeopleExited,
  ScanResult,
} from './admission-messages.ts';

export const initial: AdmissionState = {
  entered: [],
  inside: [],
  entries: [],
  exits: [],
  excess: 0,
  excessInside: 0,
  usedOn: null,
  excessOn: {},
  day: null,
  counted: 0,
  lastEntryMs: 0,
  scans: {},
  ends: [],
  answeredVoids: [],
};

export const join = (places: readonly number[], more: readonly number[]): readonly number[] =>
  [...new Set([...places, ...more])].toSorted((a, b) => a - b);

export const without = (places: readonly number[], fewer: readonly number[]): readonly number[] =>
  places.filter((place) => !fewer.includes(place));

const scanResultOf = ({ type, data }: Passage): ScanResult => ({
  outcome: type === 'PeopleAdmitted' ? 'admitted' : 'exited',
  people: data.people,
  remaining: data.remaining,
  incidentId: null,
});

const answered = (state: AdmissionState, passage: Passage): AdmissionState => ({
  ...state,
  scans: { ...state.scans, [passage.data.scanId]: scanResultOf(passage) },
});

/** Two lives of a log may tell of one scan; it is one all the same, of as many people as either knew of. */
export function withEntry(entries: readonly CountedEntry[], entry: CountedEntry): readonly CountedEntry[] {
  const known = entries.find(({ scanId }) => scanId === entry.scanId);
  if (known === undefined) return [...entries, entry];
  const both = {
    ...known,
    people: Math.max(known.people, entry.people),
    inExcess: Math.max(known.inExcess, entry.inExcess),
  };
  return entries.map((one) => (one === known ? both : one));
}

/** Scans of gates that were cut off may arrive after those of a later day; those are counted on their own day only. */
function countedWith(
  { day, counted }: AdmissionState,
  { visitDate, counted: more }: Pick<PassageData, 'visitDate' | 'counted'>,
): Pick<AdmissionState, 'day' | 'counted'> {
  if (day === null || visitDate > day) return { day: visitDate, counted: more };
  return { day, counted: visitDate === day ? counted + more : counted };
}

/** Whether nobody comes in any more on any day. */
export const isVoided = ({ ends }: Pick<AdmissionState, 'ends'>): boolean => ends.some(({ day }) => day === null);

const withAnswer = ({ answeredVoids }: AdmissionState, voidId: string | undefined): readonly string[] =>
  voidId === undefined ? answeredVoids : [...answeredVoids, voidId];

function admittedIn(state: AdmissionState, event: PeopleAdmitted): AdmissionState {
  const { scanId, people, places, scannedAtMs, nodeId, gate, visitDate: day } = event.data;
  const entries = withEntry(state.entries, { scanId, people, scannedAtMs, nodeId, gate, inExcess: 0, day });
  // Another life has told of the same people.
  if (state.entries.some((entry) => entry.scanId === scanId)) return { ...state, entries };
  return {
    ...answered(state, event),
    ...countedWith(state, event.data),
    usedOn: state.usedOn ?? day,
    entered: join(state.entered, places),
    inside: join(state.inside, places),
    entries,
    lastEntryMs: Math.max(state.lastEntryMs, scannedAtMs),
  };
}

function inExcessIn(state: AdmissionState, { data }: PeopleAdmittedInExcess): AdmissionState {
  const { scanId, people, cameIn, scannedAtMs, nodeId, gate, visitDate: day, outcome, remaining, incidentId } = data;
  const before = state.entries.find((entry) => entry.scanId === scanId)?.inExcess ?? 0;
  const more = Math.max(0, people - before);
  const entry = { scanId, people: cameIn, scannedAtMs, nodeId, gate, inExcess: people, day };
  return {
    ...state,
    ...countedWith(state, { ...data, counted: before === 0 ? data.counted : 0 }),
    scans: { ...state.scans, [scanId]: { outcome, people: cameIn, remaining, incidentId } },
    entries: withEntry(state.entries, entry),
    excess: state.excess + more,
    excessOn: { ...state.excessOn, [day]: (state.excessOn[day] ?? 0) + more },
    excessInside: state.excessInside + more,
    lastEntryMs: Math.max(state.lastEntryMs, scannedAtMs),
  };
}

function exitedIn(state: AdmissionState, event: PeopleExited): AdmissionState {
  const { scanId, people, places, counted, scannedAtMs, nodeId } = event.data;
  const known = state.exits.find((exit) => exit.scanId === scanId);
  if (known !== undefined) {
    const both = { ...known, people: Math.max(known.people, people) };
    return { ...state, exits: state.exits.map((exit) => (exit === known ? both : exit)) };
  }
  return {
    ...answered(state, event),
    exits: [...state.exits, { scanId, people, scannedAtMs, nodeId }],
    inside: without(state.inside, places),
    excessInside: state.excessInside - (people - places.length),
    counted: state.counted - counted,
  };
}

/** Whoever is in excess goes out first, so of those inside as many as ever took places are on them. */
function recountedIn(state: AdmissionState, { data }: AdmissionRecounted): AdmissionState {
  const { visitDate, excess, inside } = data;
  const entered = Array.from({ length: data.entered }, (_, index) => index + 1);
  const onPlaces = entered.slice(0, inside);
  const more = (state.excessOn[visitDate] ?? 0) + excess - state.excess;
  return {
    ...state,
    entered,
    inside: onPlaces,
    excess,
    excessOn: { ...state.excessOn, [visitDate]: more },
    excessInside: inside - onPlaces.length,
    // The counters go on by what is told of the ticket.
    day: visitDate,
    counted: inside,
  };
}

export function evolve(state: AdmissionState, event: AdmissionEvent): AdmissionState {
  switch (event.type) {
    case 'PeopleAdmitted':
      return admittedIn(state, event);
    case 'PeopleExited':
      return exitedIn(state, event);
    case 'PeopleAdmittedInExcess':
      return inExcessIn(state, event);
    case 'AdmissionRecounted':
      return recountedIn(state, event);
    case 'EntryLimitOverridden':
    case 'EntryLimitExceeded':
      return state;
    case 'AdmissionVoided': {
      const { why, visitDate, entered, voidId } = event.data;
      const end = { day: why === 'moved' ? visitDate : null, entered };
      return { ...state, ends: [...state.ends, end], answeredVoids: withAnswer(state, voidId) };
    }
    // Whoever came in keeps the ticket for the day on which they did.
    case 'VoidDenied': {
      const usedOn = state.usedOn ?? event.data.visitDate;
      return { ...state, usedOn, answeredVoids: withAnswer(state, event.data.voidId) };
    }
    default:
      return unreachable(event, 'admission event');
  }
}
