import { askInChunks } from '../../../infrastructure/postgres/chunks.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';

/** A scan that counted, without who made it. */
export type ScanOfTicket = {
  readonly ticketId: string;
  /** Null where the gate stood at another park than the ticket's. */
  readonly parkId: string | null;
  readonly outcome: string;
  readonly people: number;
  readonly gate: string;
  readonly scannedAtMs: number;
};

const OF_TICKETS = statement(
  'admission.scans-of-tickets',
  `select ticket_id, park_id, outcome, people, gate, scanned_at from admission.scans
   where ticket_id = any($1) order by scanned_at, scan_id`,
);

type Row = {
  readonly ticket_id: string;
  readonly park_id: string | null;
  readonly outcome: string;
  readonly people: number;
  readonly gate: string;
  readonly scanned_at: number;
};

/** When the people of some tickets came and went, for other parts of the program. */
export const createScansOfTickets =
  (database: Database) =>
  async (ticketIds: readonly string[]): Promise<readonly ScanOfTicket[]> => {
    const rows = await askInChunks(ticketIds, (some) => database.rows<Row>(OF_TICKETS, [some]));
    return rows.map(({ ticket_id: ticketId, park_id: parkId, scanned_at: scannedAtMs, ...rest }) => {
      return { ticketId, parkId, ...rest, scannedAtMs };
    });
  };
