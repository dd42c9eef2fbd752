import { trustedSom } from '../../../kernel/money.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { WaitingCashRefunds } from '../application/cash-refunds.ts';

// Answered from the index of refunds by park and status: what waits is a small part, and only of that the payments are read.
const WAITING = statement(
  'payment.cash-refunds',
  `select r.id, r.payment_id, p.ticket_id, r.amount, r.requested_at, p.amount as sold_for, p.created_at as sold_at
   from payment.refunds r join payment.payments p on p.id = r.payment_id
   where r.park_id = $1 and r.status = 'manual' and p.method = 'cash'
     and ($2::uuid is null or (r.requested_at, r.id) < (select requested_at, id from payment.refunds where id = $2))
   order by r.requested_at desc, r.id desc limit $3`,
);

type Row = {
  readonly id: string;
  readonly payment_id: string;
  readonly ticket_id: string;
  readonly amount: string;
  readonly requested_at: number;
  readonly sold_for: string;
  readonly sold_at: number;
};

export const createWaitingCashRefunds =
  (database: Database): WaitingCashRefunds =>
  async (parkId, before, limit) =>
    (await database.rows<Row>(WAITING, [parkId, before, limit])).map((row) => ({
      refundId: row.id,
      paymentId: row.payment_id,
      ticketId: row.ticket_id,
      amountTyiyn: trustedSom(row.amount),
      requestedAtMs: row.requested_at,
      soldForTyiyn: trustedSom(row.sold_for),
      soldAtMs: row.sold_at,
    }));
