import { statement } from '../../infrastructure/postgres/session.ts';
import { count, findingOf, type Audit } from './finding.ts';

const INCIDENTS = statement(
  'check.incidents',
  `select count(*)::integer as incidents, (count(*) filter (where resolved_at is null))::integer as open from admission.incidents`,
);

const LOOSE_ENDS = statement(
  'check.loose-ends-of-incidents',
  `select 'incident ' || i.id || ' is of no ticket of its park' as fault from admission.incidents i
   where not exists (select from booking.tickets t where t.id = i.ticket_id and t.park_id = i.park_id)
   union all
   select 'incident ' || i.id || ' names scan ' || s.id || ', which nobody made of its ticket'
   from admission.incidents i cross join lateral unnest(i.scan_ids || i.winner_scan_id) s(id)
   where not exists (select from admission.scans c where c.scan_id = s.id and c.ticket_id = i.ticket_id)
   union all
   select 'scan ' || c.scan_id || ' belongs to an incident that is not there' from admission.scans c
   where c.incident_id is not null
     and not exists (select from admission.incidents i where i.id = c.incident_id and c.scan_id = any (i.scan_ids))`,
);

/** Incidents: each is of a ticket of its park, and it and the scans it is about name one another. */
export function createIncidentAudit(): Audit {
  return {
    see: () => undefined,
    async findings(session) {
      const [all] = await session.rows<{ incidents: number; open: number }>(INCIDENTS);
      const faults = await session.rows<{ fault: string }>(LOOSE_ENDS);
      const text = `${count(all?.incidents ?? 0, 'incident')} with their tickets and scans, ${all?.open ?? 0} open`;
      return [
        findingOf(
          'gates',
          text,
          faults.map(({ fault }) => fault),
        ),
      ];
    },
  };
}
