import type { Decider } from '../../../kernel/decider.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type {
  AdmissionEvent,
  AdmissionRecounted,
  AdmissionState,
  Leaving,
  ReEntry,
  ScannedTicket,
} from './admission-messages.ts';
import { admission, placesLeft } from './admission.ts';
import { byRank, incidentsOf } from './incident.ts';

/** What there is of a ticket by all passages that are known. */
export type Count = Readonly<Record<'entered' | 'inside' | 'excess', number>>;

type Counted = Pick<AdmissionState, 'entries' | 'exits' | 'entered' | 'excess' | 'ends'>;
type Pass = Leaving & { readonly isEntry: boolean };

const people = (passes: readonly { readonly people: number }[]): number =>
  passes.reduce((sum, pass) => sum + pass.people, 0);

/** An exit is never before the last entry that its gate knew of, so of one moment the entries go first. */
const inTurn = ({ entries, exits }: Pick<Counted, 'entries' | 'exits'>): readonly Pass[] =>
  [
    ...entries.map((entry) => ({ ...entry, isEntry: true })),
    ...exits.map((exit) => ({ ...exit, isEntry: false })),
  ].toSorted((a, b) => a.scannedAtMs - b.scannedAtMs || Number(b.isEntry) - Number(a.isEntry) || byRank(a, b));

/**
 * Counts who came and went in the order of the scans, whatever the order in which they came to be known. Where nobody comes in again, those
 * are in excess who came in above the party; where they may, those who were inside at once. So are all who came in on another day than the
 * first of the party, and all of whom a life knew nothing that ended the ticket: it was good for nobody then. It never comes to fewer than
 * was told, in excess or not.
 */
export function countPassages(passages: Counted, partySize: number, reEntry: ReEntry): Count {
  let [inside, most] = [0, 0];
  for (const pass of inTurn(passages)) {
    inside = Math.max(0, inside + (pass.isEntry ? pass.people : -pass.people));
    most = Math.max(most, inside);
  }
  const { entries, ends } = passages;
  const admitted = entries
    .map((entry) => ({ ...entry, people: entry.people - entry.inExcess }))
    .filter((entry) => entry.people > 0)
    .toSorted(byRank);
  const isEnded = (of: LocalDate): boolean =>
    ends.some(({ day, entered }) => entered === 0 && (day === null || day === of));
  const good = admitted.filter(({ day }) => !isEnded(day));
  const ofDay = good.filter(({ day }) => day === good[0]?.day);
  const above = (reEntry === 'same_day' ? most : people(entries)) - partySize;
  const excess = Math.max(passages.excess, above, people(entries) - people(ofDay));
  const entered = Math.max(passages.entered.length, Math.min(partySize, people(ofDay)));
  return { entered, inside, excess };
}

export type RecountCommand = Omit<ScannedTicket, 'visitDate'> & {
  readonly reEntry: ReEntry;
  /** What the ticket is told to be, by the newest that is known of it. */
  readonly told: Pick<Count, 'entered' | 'inside'>;
  /** One for each place of the party. */
  readonly incidentIds: readonly string[];
  readonly nodeId: string;
  readonly nowMs: number;
};

/**
 * Puts a ticket right by which several lives of one log let people in, on the stream on which the gates go on. Nothing is to be told where
 * the count is what was told.
 */
export const recountedAdmission: Decider<RecountCommand, AdmissionState, AdmissionEvent, never> = {
  ...admission,
  decide(
    { reEntry, told, incidentIds, nowMs, ...ticket }: RecountCommand,
    state: AdmissionState,
  ): Result<readonly AdmissionRecounted[], never> {
    const { day: visitDate, entries, exits } = state;
    const last = inTurn({ entries, exits }).at(-1);
    if (visitDate === null || last === undefined) return ok([]);
    const count = countPassages(state, ticket.partySize, reEntry);
    const isAsKnown =
      count.inside === state.inside.length + state.excessInside &&
      count.entered === state.entered.length &&
      count.excess === state.excess;
    if (isAsKnown && count.inside === told.inside && count.entered <= told.entered) return ok([]);
    const { scanId, scannedAtMs } = last;
    const remaining = placesLeft({ partySize: ticket.partySize, ...count }, reEntry);
    const incidents = incidentsOf(entries, count.excess, incidentIds);
    const data = { ...ticket, ...count, visitDate, scanId, scannedAtMs, remaining, incidents, recountedAtMs: nowMs };
    return ok([{ type: 'AdmissionRecounted', data }]);
  },
};
