import { plainName } from '../../../kernel/plain-name.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { ListPayments, PaymentsInDoubt } from '../application/ports.ts';
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

const IN_DOUBT = statement(
  'payment.in-doubt-by-names',
  `select p.id, p.method, p.park_id, array_agg(n.name) as names from payment.payments p
   cross join lateral (select distinct lower(replace(v.name, '-', '')) from (values (p.provider_key::text), (p.external_id)) v (name)) n (name)
   where (${SEEN_STATUS}) = 'unknown' and n.name = any($1) group by p.id, p.method, p.park_id`,
);

type NamedRow = Pick<PaymentRow, 'id' | 'method' | 'park_id'> & { readonly names: readonly string[] };

/** Few are in doubt at a time: all of them are looked at. */
export function createPaymentsInDoubt(database: Database): PaymentsInDoubt {
  return async (names) => {
    const rows = await database.rows<NamedRow>(IN_DOUBT, [names.map(plainName)]);
    return rows.map(({ id, park_id: parkId, ...named }) => ({ paymentId: id, parkId, ...named }));
  };
}
