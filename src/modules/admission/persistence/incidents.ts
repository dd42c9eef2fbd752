import type { Vault } from '../../../kernel/vault.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Incidents, IncidentView } from '../application/incidents.ts';
import type { Resolution } from '../domain/incident.ts';

export const incidentsProjection: Projection = {
  name: 'admission.incidents',
  schema: 'admission',
  tables: ['incidents'],
  eventTypes: ['PeopleAdmittedInExcess', 'AdmissionRecounted', 'IncidentResolved'],
  functionName: 'admission.project_incidents',
  shared: [
    {
      table: 'incidents',
      parkColumn: 'park_id',
      key: ['id'],
      except: ['noticed_position', 'note', 'hlc', 'resolved_hlc', 'told'],
    },
  ],
};

const COLUMNS = `id, ticket_id, park_id, visit_date, place, winner_scan_id, winner_scanned_at, winner_node, winner_gate, scan_ids,
  noticed_at, noticed_position, resolved_at, resolved_by, resolution, note`;

const BY_ID = statement('admission.incident', `select ${COLUMNS} from admission.incidents where id = $1`);
const LIST = statement(
  'admission.incidents',
  `select ${COLUMNS} from admission.incidents
   where ($1::text is null or park_id = $1) and ($2::boolean is null or (resolved_at is not null) = $2)
     and ($3::bigint is null or (noticed_position, place) < ($3, $4::smallint))
   order by noticed_position desc, place desc limit $5`,
);

type IncidentRow = {
  readonly id: string;
  readonly ticket_id: string;
  readonly park_id: string;
  readonly visit_date: string;
  readonly place: number;
  readonly winner_scan_id: string;
  readonly winner_scanned_at: number;
  readonly winner_node: string;
  readonly winner_gate: string;
  readonly scan_ids: readonly string[];
  readonly noticed_at: number;
  readonly noticed_position: number;
  readonly resolved_at: number | null;
  readonly resolved_by: string | null;
  readonly resolution: Resolution | null;
  readonly note: string | null;
};

export function createIncidents(database: Database, vault: Vault): Incidents {
  async function noteOf(sealed: string | null): Promise<string | null> {
    const text = sealed === null ? null : await vault.open(sealed);
    return text === null ? null : (JSON.parse(text) as string);
  }

  async function toView(row: IncidentRow): Promise<IncidentView> {
    const { resolved_at: atMs, resolved_by: by, resolution } = row;
    const isOpen = atMs === null || by === null || resolution === null;
    return {
      incidentId: row.id,
      ticketId: row.ticket_id,
      parkId: row.park_id,
      visitDate: row.visit_date,
      place: row.place,
      winner: {
        scanId: row.winner_scan_id,
        scannedAtMs: row.winner_scanned_at,
        nodeId: row.winner_node,
        gate: row.winner_gate,
      },
      scanIds: row.scan_ids,
      noticedAtMs: row.noticed_at,
      key: { position: row.noticed_position, place: row.place },
      resolved: isOpen ? null : { atMs, by, resolution, note: await noteOf(row.note) },
    };
  }

  return {
    async find(incidentId) {
      const [row] = await database.rows<IncidentRow>(BY_ID, [incidentId]);
      return row === undefined ? null : toView(row);
    },
    async list({ parkId, isResolved, after, limit }) {
      const values = [parkId, isResolved, after?.position ?? null, after?.place ?? null, limit];
      return Promise.all((await database.rows<IncidentRow>(LIST, values)).map(toView));
    },
  };
}
