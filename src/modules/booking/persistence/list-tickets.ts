import type { Vault } from '../../../kernel/vault.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { ListTickets } from '../application/search-tickets.ts';
import { COLUMNS, createToView, type TicketRow } from './ticket-rows.ts';

/** Comes after every ticket there is. */
const BEFORE_ALL = { visitDate: '9999-12-31', ticketId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** One statement for each question, so that each is answered from its own index. */
function questionOf(columns: readonly string[]) {
  const conditions = columns.map((column, index) => `${column} = $${index + 4} and `).join('');
  return statement(
    `booking.tickets-by-${columns.join('-')}`,
    `select ${COLUMNS} from booking.tickets where ${conditions}(visit_date, id) < ($1::date, $2::uuid)
     order by visit_date desc, id desc limit $3`,
  );
}

export function createListTickets(database: Database, vault: Vault): ListTickets {
  const toView = createToView(vault);
  return async ({ parkId, visitDate, status, userId }, { after, limit }) => {
    const asked = Object.entries({ park_id: parkId, visit_date: visitDate, status, user_id: userId }).flatMap(
      ([column, value]) => (value === undefined ? [] : [{ column, value }]),
    );
    const from = after ?? BEFORE_ALL;
    const rows = await database.rows<TicketRow>(questionOf(asked.map(({ column }) => column)), [
      from.visitDate,
      from.ticketId,
      limit,
      ...asked.map(({ value }) => value),
    ]);
    return Promise.all(rows.map(toView));
  };
}
