import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, LocalDate } from '../../../kernel/time.ts';
import { incident, type IncidentFacts, type IncidentRefusal, type Resolution } from '../domain/incident.ts';
import type { OwnStreams } from './own-streams.ts';
import type { GatesOf } from './ports.ts';

/** An incident as the managers of its park see it. */
export type IncidentView = IncidentFacts & {
  readonly ticketId: string;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  /** When the scan arrived that made it one. */
  readonly noticedAtMs: number;
  /** Its place in the list. */
  readonly key: IncidentKey;
  /** Null while nobody has looked into it. */
  readonly resolved: ResolvedIncident | null;
};

export type ResolvedIncident = {
  readonly atMs: number;
  readonly by: string;
  readonly resolution: Resolution;
  /** Null once the key of the ticket was destroyed. */
  readonly note: string | null;
};

export type IncidentKey = { readonly position: number; readonly place: number };

/** Port: incidents from the read model. */
export type Incidents = {
  find(incidentId: string): Promise<IncidentView | null>;
  /** Newest first; of all parks without one, open and resolved without a wish. */
  list(page: {
    readonly parkId: string | null;
    readonly isResolved: boolean | null;
    readonly after: IncidentKey | null;
    readonly limit: number;
  }): Promise<readonly IncidentView[]>;
};

/** Says what an incident turned out to be, once, and at the node whose gates it was at. */
export type ResolveIncident = (
  found: IncidentView,
  words: { readonly resolution: Resolution; readonly note: string },
  meta: CommandMeta,
) => Promise<Result<ResolvedIncident, IncidentRefusal | { readonly code: 'not_home' }>>;

/** One for each place of the party: whoever tells of an incident, it is the same one. */
export const incidentIdsOf = (
  ids: Pick<Ids, 'derive'>,
  { ticketId, partySize }: { readonly ticketId: string; readonly partySize: number },
): readonly string[] =>
  Array.from({ length: partySize }, (_, index) => ids.derive(`incident:${ticketId}/${index + 1}`));

type Dependencies = {
  readonly runner: CommandRunner;
  readonly clock: Clock;
  readonly ownStreams: OwnStreams;
  readonly gatesOf: GatesOf;
  readonly nodeId: string;
};

export function createResolveIncident({ runner, clock, ownStreams, gatesOf, nodeId }: Dependencies): ResolveIncident {
  return async ({ incidentId, ticketId, place, parkId, visitDate }, { resolution, note }, meta) => {
    const { home, nodes } = await gatesOf(parkId, visitDate);
    if (home !== nodeId) return refuse({ code: 'not_home' });
    const { streamId, besides } = ownStreams(`incident:${ticketId}/${place}`, nodes);
    const nowMs = clock.now();
    const command = { incidentId, ticketId, parkId, subjectId: ticketId, resolution, note, by: meta.actor, nowMs };
    const done = await runner.run(incident, streamId, command, { ...meta, parkId }, { besides });
    if (!done.ok) return refuse({ code: 'already_resolved' });
    return { ok: true, value: { atMs: nowMs, by: meta.actor, resolution, note } };
  };
}
