import type { Projection } from '../../../infrastructure/module.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { AdmissionRecord, Admissions, PeopleInside } from '../application/ports.ts';
import type { ScanRecord } from '../domain/first-answer.ts';

export const admissionsProjection: Projection = {
  name: 'admission.admissions',
  schema: 'admission',
  tables: ['admissions', 'scans', 'voids'],
  eventTypes: [
    'PeopleAdmitted',
    'PeopleExited',
    'PeopleAdmittedInExcess',
    'AdmissionRecounted',
    'ScanRefused',
    'AdmissionVoided',
  ],
  functionName: 'admission.project_admissions',
  shared: [
    { table: 'admissions', parkColumn: 'park_id', key: ['ticket_id'], except: ['hlc'] },
    { table: 'scans', parkColumn: 'park_id', key: ['scan_id', 'node_id'], except: ['hlc'] },
    { table: 'voids', parkColumn: 'park_id', key: ['ticket_id'], except: ['hlc'] },
  ],
};

const BY_TICKETS = statement(
  'admission.by-tickets',
  `select ticket_id, admitted, inside, first_admitted_at, (
     select s.gate from admission.scans s where s.ticket_id = a.ticket_id and s.people > 0 and s.outcome <> 'exited'
     order by s.scanned_at, s.scan_id limit 1
   ) as first_gate
   from admission.admissions a where ticket_id = any($1)`,
);

/**
 * What this node answered goes before what another one did, and of those the first. Refusals of before they were events stand beside; a scan
 * that counted has no other answer.
 */
const SCANS = statement(
  'admission.first-answers',
  `(select distinct on (scan_id) scan_id, ticket_id, outcome, people, remaining, incident_id from admission.scans
    where scan_id = any($1) order by scan_id, node_id = $2 desc, hlc)
   union all
   select scan_id, ticket_id, outcome, 0::smallint, remaining, null::uuid from admission.refused_scans r where scan_id = any($1)
     and not exists (select from admission.scans s where s.scan_id = r.scan_id)`,
);

type TicketRow = {
  readonly ticket_id: string;
  readonly admitted: number;
  readonly inside: number;
  readonly first_admitted_at: number;
  readonly first_gate: string;
};

type ScanRow = {
  readonly scan_id: string;
  readonly ticket_id: string | null;
  readonly outcome: ScanRecord['outcome'];
  readonly people: number;
  readonly remaining: number;
  readonly incident_id: string | null;
};

const bounds = { maxItems: 512, maxQueued: 10_000 };

/** The read model of admissions and scans; what is asked at the same time shares one statement. */
export function createAdmissions(database: Database, nodeId: string): Admissions {
  const byTicket = createBatcher<string, AdmissionRecord | null>({
    ...bounds,
    async run(ticketIds) {
      const rows = await database.rows<TicketRow>(BY_TICKETS, [[...new Set(ticketIds)]]);
      const records = new Map(
        rows.map((row): [string, AdmissionRecord] => {
          const { ticket_id: ticketId, admitted: entered, inside } = row;
          const first = { firstAdmittedAtMs: row.first_admitted_at, firstGate: row.first_gate };
          return [ticketId, { ticketId, entered, inside, ...first }];
        }),
      );
      return ticketIds.map((ticketId) => records.get(ticketId) ?? null);
    },
  });
  const byScan = createBatcher<string, ScanRecord | null>({
    ...bounds,
    async run(scanIds) {
      const rows = await database.rows<ScanRow>(SCANS, [[...new Set(scanIds)], nodeId]);
      const records = new Map(
        rows.map((row): [string, ScanRecord] => {
          const { scan_id: scanId, ticket_id: ticketId, outcome, people, remaining, incident_id: incidentId } = row;
          return [scanId, { scanId, ticketId, outcome, people, remaining, incidentId }];
        }),
      );
      return scanIds.map((scanId) => records.get(scanId) ?? null);
    },
  });
  return {
    find: (ticketId) => byTicket.submit(ticketId),
    findScan: (scanId) => byScan.submit(scanId),
  };
}

const TOLD_INSIDE = statement(
  'admission.told-inside',
  `select asked.index::integer as index, coalesce(sum(a.inside), 0)::integer as people
   from unnest($1::text[], $2::date[]) with ordinality as asked(park_id, visit_date, index)
     left join admission.admissions a on a.park_id = asked.park_id and a.visit_date = asked.visit_date
   group by 1`,
);

/** People inside by what is known of each ticket, whichever node's gates told it. */
export const createToldInside =
  (database: Database): PeopleInside =>
  async (days) => {
    const [parks, dates] = [days.map(({ parkId }) => parkId), days.map(({ visitDate }) => visitDate)];
    const rows = await database.rows<{ index: number; people: number }>(TOLD_INSIDE, [parks, dates]);
    const people = new Map(rows.map((row) => [row.index, row.people]));
    return days.map((_day, index) => people.get(index + 1) ?? 0);
  };
