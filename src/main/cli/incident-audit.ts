import { systemIds } from '../../infrastructure/ids.ts';
import { statement } from '../../infrastructure/postgres/session.ts';
import type { NodeRole } from '../../kernel/node-role.ts';
import { EndedLives } from './ended-lives.ts';
import { count, findingOf, type Audit } from './finding.ts';

const INCIDENTS = statement(
  'check.incidents',
  `select i.id, i.ticket_id as "ticketId", i.park_id as "parkId", i.place, i.noticed_position as position,
     i.resolved_at is null as "isOpen", t.park_id as "parkOfTicket",
     t.id is null and exists (select from store.event e where e.aggregate_id = i.ticket_id) as "isTold"
   from admission.incidents i left join booking.tickets t on t.id = i.ticket_id`,
);

const LOOSE_ENDS = statement(
  'check.loose-ends-of-incidents',
  `select 'incident ' || i.id || ' names scan ' || s.id || ', which nobody made of its ticket' as fault
   from admission.incidents i cross join lateral unnest(i.scan_ids || i.winner_scan_id) s(id)
   where not exists (select from admission.scans c where c.scan_id = s.id and c.ticket_id = i.ticket_id)
   union all
   select 'scan ' || c.scan_id || ' belongs to an incident that is not there' from admission.scans c
   where c.incident_id is not null
     and not exists (select from admission.incidents i where i.id = c.incident_id and c.scan_id = any (i.scan_ids))`,
);

/** An incident, and what is known of its ticket. */
export type LookedAtIncident = {
  readonly id: string;
  readonly ticketId: string;
  readonly parkId: string;
  readonly place: number;
  /** Where in the log it was told of first. */
  readonly position: number;
  readonly isOpen: boolean;
  /** Null where the ticket is not among the tickets. */
  readonly parkOfTicket: string | null;
  /** The log tells of the ticket, although it is not among the tickets. */
  readonly isTold: boolean;
};

/** `gone`: nobody knows its ticket since a life of a log has ended. `unheard`: headquarters may have sold it and not told this park yet. */
type Standing = 'of a ticket' | 'gone' | 'unheard' | 'stray';

function standingOf(incident: LookedAtIncident, role: NodeRole, lives: EndedLives): Standing {
  const { id, ticketId, parkId, place, parkOfTicket, isTold } = incident;
  if (id !== systemIds.derive(`incident:${ticketId}/${place}`)) return 'stray';
  if (parkOfTicket !== null) return parkOfTicket === parkId ? 'of a ticket' : 'stray';
  // Gates go by a signed code alone where the ticket is not known.
  if (isTold) return 'stray';
  if (lives.explain(incident)) return 'gone';
  return role === 'park' ? 'unheard' : 'stray';
}

/**
 * Incidents: each is of a ticket of its park, and it and the scans it is about name one another. Of a ticket that is not known here it may be
 * where a life of a log that sold it has ended; at a park also, for now, where it has not heard of the ticket yet.
 */
export function createIncidentAudit(role: NodeRole): Audit {
  const lives = new EndedLives();
  return {
    see: (event) => lives.see(event),
    async findings(session) {
      const incidents = (await session.rows<LookedAtIncident>(INCIDENTS)).map((incident) => {
        return { ...incident, standing: standingOf(incident, role, lives) };
      });
      const faults = await session.rows<{ readonly fault: string }>(LOOSE_ENDS);
      const of = (standing: Standing) => incidents.filter((incident) => incident.standing === standing);
      const [gone, unheard] = [of('gone').length, of('unheard').length];
      const text = [
        `${count(incidents.length, 'incident')} with their tickets and scans, ${incidents.filter(({ isOpen }) => isOpen).length} open`,
        ...(gone === 0 ? [] : [`${gone} of tickets that went with an ended life of a log`]),
        ...(unheard === 0 ? [] : [`${unheard} of tickets that are not known here yet`]),
      ].join(', ');
      const strays = of('stray').map(({ id }) => `incident ${id} is of no ticket of its park`);
      const finding = findingOf('gates', text, [...strays, ...faults.map(({ fault }) => fault)]);
      return [{ ...finding, inProgress: unheard > 0 }];
    },
  };
}
