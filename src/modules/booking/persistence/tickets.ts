import type { EventStore } from '../../../kernel/event-store.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import { createBatcher } from '../../../infrastructure/postgres/batcher.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { TicketOfCommand, Tickets, TicketView } from '../application/ticket-view.ts';
import { COLUMNS, createToView, type TicketRow } from './ticket-rows.ts';

export const ticketsProjection: Projection = {
  name: 'booking.tickets',
  schema: 'booking',
  tables: ['tickets', 'early_admissions'],
  eventTypes: [
    'TicketHeld',
    'TicketHoldKept',
    'TicketHoldExpired',
    'TicketActivated',
    'TicketSaleRemembered',
    'PeopleAdmitted',
    'PeopleExited',
    'TicketMoveHeld',
    'TicketMoveKept',
    'TicketMoveLapsed',
    'TicketMoved',
    'TicketLeftDay',
    'TicketMoveUndone',
    'TicketCancelled',
    'TicketRefunded',
    'TicketExpired',
    'VoidAsked',
    'TicketVoidDenied',
    'RefundRequested',
    'RefundSubmitted',
    'RefundSucceeded',
    'RefundFailed',
  ],
  functionName: 'booking.project_tickets',
  // Refunds are of headquarters alone.
  shared: [
    {
      table: 'tickets',
      parkColumn: 'park_id',
      key: ['id'],
      except: [
        'children_data',
        'cancel_reason',
        'refund_id',
        'refund_status',
        'refund_amount',
        'void_status',
        'void_amount',
        'status_hlc',
        'passed_hlc',
      ],
    },
  ],
};

const BY_IDS = statement('booking.tickets-by-id', `select ${COLUMNS} from booking.tickets where id = any($1)`);
const BY_CODES = statement('booking.tickets-by-code', `select ${COLUMNS} from booking.tickets where qr_code = any($1)`);

const OF_USER = statement(
  'booking.tickets-of-user',
  `select ${COLUMNS} from booking.tickets
   where user_id = $1 and ($2::text is null or status = $2) and ($3::text is null or park_id = $3) and ($4::uuid is null or id < $4)
   order by id desc limit $5`,
);

/** Tickets from the read model; look-ups made at the same time share one statement. */
export function createTickets(database: Database, vault: Vault): Tickets {
  const toView = createToView(vault);

  const lookUp = (query: typeof BY_IDS, keyOf: (row: TicketRow) => string) =>
    createBatcher<string, TicketRow | null>({
      maxItems: 256,
      maxQueued: 10_000,
      async run(keys) {
        const rows = await database.rows<TicketRow>(query, [[...new Set(keys)]]);
        const byKey = new Map(rows.map((row) => [keyOf(row), row]));
        return keys.map((key) => byKey.get(key) ?? null);
      },
    });
  const byId = lookUp(BY_IDS, (row) => row.id);
  const byCode = lookUp(BY_CODES, (row) => row.qr_code);
  const viewOf = async (row: TicketRow | null): Promise<TicketView | null> => (row === null ? null : toView(row));

  return {
    find: async (ticketId) => viewOf(await byId.submit(ticketId)),
    findByQrCode: async (qrCode) => viewOf(await byCode.submit(qrCode)),
    async ofUser(userId, { status, parkId, before, limit }) {
      const rows = await database.rows<TicketRow>(OF_USER, [
        userId,
        status ?? null,
        parkId ?? null,
        before ?? null,
        limit,
      ]);
      return Promise.all(rows.map(toView));
    },
  };
}

/** The ticket of a command by the events it stored. */
export const createTicketOfCommand =
  (store: Pick<EventStore, 'findCommand' | 'read'>, tickets: Pick<Tickets, 'find'>): TicketOfCommand =>
  async (commandId) => {
    const span = await store.findCommand(commandId);
    if (span === null) return null;
    const { firstPosition, lastPosition } = span;
    const [held] = await store.read(firstPosition - 1, lastPosition - firstPosition + 1, ['TicketHeld']);
    return held === undefined || held.position > lastPosition ? null : tickets.find(held.streamId);
  };
