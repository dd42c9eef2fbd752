import type { Projection } from '../../../infrastructure/module.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { AdmissionRecord, Admissions, ScanRecord } from '../application/ports.ts';

export const admissionsProjection: Projection = {
  name: 'admission.admissions',
  schema: 'admission',
  tables: ['admissions', 'scans'],
  eventTypes: ['PeopleAdmitted', 'PeopleExited'],
  functionName: 'admission.project_admissions',
};

const BY_TICKETS = statement(
  'admission.by-tickets',
  'select ticket_id, admitted, inside, first_admitted_at from admission.admissions where ticket_id = any($1)',
);

const SCANS = statement(
  'admission.scans-by-ids',
  'select scan_id, ticket_id, outcome, people, remaining from admission.scans where scan_id = any($1)',
);

const INSIDE = statement(
  'admission.inside',
  `select (select coalesce(sum(a.inside), 0)::integer from admission.admissions a
     where a.visit_date = d.visit_date and a.park_id = d.park_id) as people
   from unnest($1::text[], $2::date[]) with ordinality d(park_id, visit_date, ord) order by d.ord`,
);

type TicketRow = {
  readonly ticket_id: string;
  readonly admitted: number;
  readonly inside: number;
  readonly first_admitted_at: number;
};

type ScanRow = {
  readonly scan_id: string;
  readonly ticket_id: string;
  readonly outcome: ScanRecord['outcome'];
  readonly people: number;
  readonly remaining: number;
};

const bounds = { maxItems: 512, maxQueued: 10_000 };

/** The read model of admissions; look-ups made at the same time share one statement. */
export function createAdmissions(database: Database): Admissions {
  const byTicket = createBatcher<string, AdmissionRecord | null>({
    ...bounds,
    async run(ticketIds) {
      const rows = await database.rows<TicketRow>(BY_TICKETS, [[...new Set(ticketIds)]]);
      const records = new Map(
        rows.map((row): [string, AdmissionRecord] => {
          const { ticket_id: ticketId, admitted: entered, inside, first_admitted_at: firstAdmittedAtMs } = row;
          return [ticketId, { ticketId, entered, inside, firstAdmittedAtMs }];
        }),
      );
      return ticketIds.map((ticketId) => records.get(ticketId) ?? null);
    },
  });
  const byScan = createBatcher<string, ScanRecord | null>({
    ...bounds,
    async run(scanIds) {
      const rows = await database.rows<ScanRow>(SCANS, [[...new Set(scanIds)]]);
      const records = new Map(
        rows.map((row): [string, ScanRecord] => {
          const { scan_id: scanId, ticket_id: ticketId, outcome, people, remaining } = row;
          return [scanId, { scanId, ticketId, outcome, people, remaining }];
        }),
      );
      return scanIds.map((scanId) => records.get(scanId) ?? null);
    },
  });
  return {
    find: (ticketId) => byTicket.submit(ticketId),
    findScan: (scanId) => byScan.submit(scanId),
    async inside(days) {
      const values = [days.map(({ parkId }) => parkId), days.map(({ date }) => date)];
      const rows = await database.rows<{ people: number }>(INSIDE, values);
      return rows.map(({ people }) => people);
    },
  };
}
