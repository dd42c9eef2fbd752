import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';

/** People who came in by one scan. */
export type Entry = {
  readonly scanId: string;
  readonly people: number;
  /** As corrected, once, by the node that first stored the scan. */
  readonly scannedAtMs: number;
  readonly nodeId: string;
  readonly gate: string;
};

/** More people came in on a place than the one it is for. */
export type IncidentFacts = {
  readonly incidentId: string;
  /** Which place of the party, from 1. */
  readonly place: number;
  /** Whose place it is. That says nothing about money, or about the guest. */
  readonly winner: Omit<Entry, 'people'>;
  /** All scans by which somebody came in on it, the winner's first. */
  readonly scanIds: readonly string[];
};

const compare = <Value extends number | string>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0);

/** The earlier scan goes first; at the same moment the node decides, then the id. */
export const byRank = (a: Omit<Entry, 'people' | 'gate'>, b: Omit<Entry, 'people' | 'gate'>): number =>
  compare(a.scannedAtMs, b.scannedAtMs) || compare(a.nodeId, b.nodeId) || compare(a.scanId, b.scanId);

/**
 * The incidents of a ticket on which more people came in than it is for. Everybody who came in takes the places in turn, in
 * the order of their scans, so it is the same whatever the order in which the scans arrived.
 * @param entries of the whole ticket, in any order
 * @param excess how many came in beyond what the ticket was good for
 * @param incidentIds one for each place of the party
 */
export function incidentsOf(
  entries: readonly Entry[],
  excess: number,
  incidentIds: readonly string[],
): readonly IncidentFacts[] {
  const inTurn = entries.toSorted(byRank).flatMap((entry) => Array.from({ length: entry.people }, () => entry));
  return incidentIds.slice(0, excess).flatMap((incidentId, index) => {
    const claims = inTurn.filter((_, turn) => turn % incidentIds.length === index);
    const [first] = claims;
    if (first === undefined) return [];
    const { scanId, scannedAtMs, nodeId, gate } = first;
    const winner = { scanId, scannedAtMs, nodeId, gate };
    return [{ incidentId, place: index + 1, winner, scanIds: [...new Set(claims.map((claim) => claim.scanId))] }];
  });
}

/** What an incident turned out to be. */
export type Resolution = 'gate_mistake' | 'shared_code' | 'wrong_clock' | 'other';

/** Somebody looked into an incident. The note is theirs, and may name people. */
export type IncidentResolved = {
  readonly type: 'IncidentResolved';
  readonly data: {
    readonly incidentId: string;
    readonly ticketId: string;
    readonly parkId: string;
    /** Under whose key the note is sealed: the ticket's. */
    readonly subjectId: string;
    readonly resolution: Resolution;
    readonly note: string;
    readonly by: string;
    readonly resolvedAtMs: number;
  };
};

export type ResolveIncident = Omit<IncidentResolved['data'], 'resolvedAtMs'> & { readonly nowMs: number };
export type IncidentRefusal = { readonly code: 'already_resolved' };

/** What people did about an incident. That there is one is a fact of the admission; scans that join it later leave it resolved. */
export const incident: Decider<ResolveIncident, { readonly resolved: boolean }, IncidentResolved, IncidentRefusal> = {
  aggregateType: 'Incident',
  initial: { resolved: false },
  decide({ nowMs, ...resolved }, state): Result<readonly IncidentResolved[], IncidentRefusal> {
    if (state.resolved) return refuse({ code: 'already_resolved' });
    return ok([{ type: 'IncidentResolved', data: { ...resolved, resolvedAtMs: nowMs } }]);
  },
  evolve: () => ({ resolved: true }),
};
