import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { ListPayments } from '../application/ports.ts';
import { COLUMNS, SEEN_STATUS, toView, type PaymentRow } from './payments.ts';

/** One statement for each question, so that each is answered from its own index. */
function questionOf(asked: readonly { readonly name: string; readonly column: string }[]) {
  const conditions = asked.map(({ column }, index) => `(${column}) = $${index + 3} and `).join('');
  return statement(
    ['payment.list', ...asked.map(({ name }) => name)].join('-'),
    `select ${COLUMNS} from payment.payments
     where ${conditions}($1::uuid is null or (created_at, id) < (select created_at, id from payment.payments where id = $1))
     order by created_at desc, id desc limit $2`,
  );
}

export function createListPayments(database: Database): ListPayments {
  return async ({ status, parkId, method, ticketId }, before, limit) => {
    const asked = [
      { name: 'status', column: SEEN_STATUS, value: status },
      { name: 'park', column: 'park_id', value: parkId },
      { name: 'method', column: 'method', value: method },
      { name: 'ticket', column: 'ticket_id', value: ticketId },
    ].flatMap(({ value, ...part }) => (value === undefined ? [] : [{ ...part, value }]));
    const values = [before, limit, ...asked.map(({ value }) => value)];
    return (await database.rows<PaymentRow>(questionOf(asked), values)).map(toView);
  };
}
