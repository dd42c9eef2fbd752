import { assert } from '../../../kernel/assert.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { AdmissionRecord, Admissions, KeptRefusal, ScanRecord } from '../application/ports.ts';

export const admissionsProjection: Projection = {
  name: 'admission.admissions',
  schema: 'admission',
  tables: ['admissions', 'scans', 'voids'],
  eventTypes: ['PeopleAdmitted', 'PeopleExited', 'PeopleAdmittedInExcess', 'AdmissionVoided'],
  functionName: 'admission.project_admissions',
};

const BY_TICKETS = statement(
  'admission.by-tickets',
  'select ticket_id, admitted, inside, first_admitted_at from admission.admissions where ticket_id = any($1)',
);

/** A scan that counted has no other answer, even if a process refused it at the same moment. */
const SCANS = statement(
  'admission.first-answers',
  `select scan_id, ticket_id, outcome, people, remaining, incident_id from admission.scans where scan_id = any($1)
   union all
   select scan_id, ticket_id, outcome, 0::smallint, remaining, null::uuid from admission.refused_scans r where scan_id = any($1)
     and not exists (select from admission.scans s where s.scan_id = r.scan_id)`,
);

/** In one order, so that two processes that keep the same refusals do not wait for each other in a ring. */
const KEEP_REFUSALS = statement(
  'admission.keep-refusals',
  `insert into admission.refused_scans (scan_id, ticket_id, outcome, remaining, refused_at)
   select scan_id, ticket_id, outcome, remaining, store.from_ms($5)
   from unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[]) r(scan_id, ticket_id, outcome, remaining)
   where not exists (select from admission.scans s where s.scan_id = r.scan_id)
   order by scan_id on conflict (scan_id) do nothing returning scan_id`,
);

const FORGET_REFUSALS = statement(
  'admission.forget-refusals',
  `delete from admission.refused_scans where scan_id in (
     select scan_id from admission.refused_scans where refused_at < store.from_ms($1) order by refused_at limit $2
   ) returning scan_id`,
);

type TicketRow = {
  readonly ticket_id: string;
  readonly admitted: number;
  readonly inside: number;
  readonly first_admitted_at: number;
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

/** The read model of admissions and the refusals; what is asked or kept at the same time shares one statement. */
export function createAdmissions(database: Database, clock: Clock): Admissions {
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
  async function firstAnswers(scanIds: readonly string[]): Promise<ReadonlyMap<string, ScanRecord>> {
    const rows = await database.rows<ScanRow>(SCANS, [[...new Set(scanIds)]]);
    return new Map(
      rows.map((row) => {
        const { scan_id: scanId, ticket_id: ticketId, outcome, people, remaining, incident_id: incidentId } = row;
        return [scanId, { scanId, ticketId, outcome, people, remaining, incidentId }];
      }),
    );
  }

  const byScan = createBatcher<string, ScanRecord | null>({
    ...bounds,
    async run(scanIds) {
      const records = await firstAnswers(scanIds);
      return scanIds.map((scanId) => records.get(scanId) ?? null);
    },
  });
  const refusals = createBatcher<ScanRecord, KeptRefusal>({
    ...bounds,
    async run(proposed) {
      const scanIds = proposed.map(({ scanId }) => scanId);
      const columns = [
        scanIds,
        proposed.map(({ ticketId }) => ticketId),
        proposed.map(({ outcome }) => outcome),
        proposed.map(({ remaining }) => remaining),
      ];
      const kept = await database.rows<{ scan_id: string }>(KEEP_REFUSALS, [...columns, clock.now()]);
      const isNew = new Set(kept.map((row) => row.scan_id));
      // Read back in a statement of its own, which sees what others have written since.
      const standing = await firstAnswers(scanIds);
      return scanIds.map((scanId) => {
        const record = standing.get(scanId);
        assert(record, 'a refusal that was kept is there');
        // `delete` is true once: of two that were kept together one is the first.
        return { record, repeated: record.people > 0 || !isNew.delete(scanId) };
      });
    },
  });
  return {
    find: (ticketId) => byTicket.submit(ticketId),
    findScan: (scanId) => byScan.submit(scanId),
    keepRefusal: (refusal) => refusals.submit(refusal),
    forgetRefusals: async (beforeMs, limit) => (await database.rows(FORGET_REFUSALS, [beforeMs, limit])).length,
  };
}
