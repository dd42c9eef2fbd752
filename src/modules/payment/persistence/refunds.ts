import { trustedSom } from '../../../kernel/money.ts';
import type { Vault } from '../../../kernel/vault.ts';
import { askInChunks } from '../../../infrastructure/postgres/chunks.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { OpenRefund, Refunds, RefundStatus, RefundView } from '../application/ports.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';

const SELECT = `select r.id, r.payment_id, p.ticket_id, r.park_id, p.method, r.amount, r.reason, r.note, r.status, r.failure, r.reference,
  r.requested_at from payment.refunds r join payment.payments p on p.id = r.payment_id`;

const FIND = statement('payment.refund', `${SELECT} where r.id = $1`);
const OF_PAYMENT = statement(
  'payment.refunds-of-payment',
  `${SELECT} where r.payment_id = $1 order by r.requested_at, r.id`,
);
const OF_PAYMENTS = statement(
  'payment.refunds-of-payments',
  `${SELECT} where r.payment_id = any($1) order by r.requested_at, r.id`,
);

// One statement for each question, so that each is answered from its own index.
const BEFORE = `($1::uuid is null or (r.requested_at, r.id) < (select requested_at, id from payment.refunds where id = $1))`;
const PAGE = `order by r.requested_at desc, r.id desc limit $2`;
const LIST = statement('payment.refunds', `${SELECT} where ${BEFORE} ${PAGE}`);
const LIST_BY_STATUS = statement('payment.refunds-by-status', `${SELECT} where r.status = $3 and ${BEFORE} ${PAGE}`);
const LIST_BY_PARK = statement('payment.refunds-by-park', `${SELECT} where r.park_id = $3 and ${BEFORE} ${PAGE}`);
const LIST_BY_BOTH = statement(
  'payment.refunds-by-status-and-park',
  `${SELECT} where r.status = $3 and r.park_id = $4 and ${BEFORE} ${PAGE}`,
);

const OPEN = statement(
  'payment.open-refunds',
  `select id, payment_id, requested_at, submitted_at from payment.refunds
   where status in ('requested', 'submitted', 'unknown') and (requested_at, id) > (store.from_ms($1), $2)
   order by requested_at, id limit $3`,
);

/** The least UUID. */
const NIL_ID = '00000000-0000-0000-0000-000000000000';

type Row = {
  readonly id: string;
  readonly payment_id: string;
  readonly ticket_id: string;
  readonly park_id: string | null;
  readonly method: PaymentMethod;
  readonly amount: string;
  readonly reason: string;
  /** Sealed; null when nobody said any words. */
  readonly note: string | null;
  readonly status: RefundStatus;
  readonly failure: string | null;
  readonly reference: string | null;
  readonly requested_at: number;
};
type OpenRow = Pick<Row, 'id' | 'payment_id' | 'requested_at'> & { readonly submitted_at: number | null };

const toView = (row: Row, note: string | null): RefundView => ({
  refundId: row.id,
  paymentId: row.payment_id,
  ticketId: row.ticket_id,
  parkId: row.park_id,
  method: row.method,
  amountTyiyn: trustedSom(row.amount),
  reason: note ?? row.reason,
  status: row.status,
  failure: row.failure,
  reference: row.reference,
  requestedAtMs: row.requested_at,
});

const toOpen = (row: OpenRow): OpenRefund => ({
  refundId: row.id,
  paymentId: row.payment_id,
  requestedAtMs: row.requested_at,
  submittedAtMs: row.submitted_at,
});

export function createRefunds(database: Database, vault: Vault): Refunds {
  async function open(row: Row): Promise<RefundView> {
    const text = row.note === null ? null : await vault.open(row.note);
    return toView(row, text === null ? null : (JSON.parse(text) as string));
  }

  return {
    async find(refundId) {
      const [row] = await database.rows<Row>(FIND, [refundId]);
      return row === undefined ? null : open(row);
    },
    async ofPayment(paymentId) {
      const rows = await database.rows<Row>(OF_PAYMENT, [paymentId]);
      return Promise.all(rows.map(open));
    },
    async ofPayments(paymentIds) {
      return Promise.all((await askInChunks(paymentIds, (some) => database.rows<Row>(OF_PAYMENTS, [some]))).map(open));
    },
    async list({ status, parkId, before = null, limit }) {
      const page = [before, limit];
      const rows =
        status !== undefined && parkId !== undefined
          ? database.rows<Row>(LIST_BY_BOTH, [...page, status, parkId])
          : status !== undefined
            ? database.rows<Row>(LIST_BY_STATUS, [...page, status])
            : parkId !== undefined
              ? database.rows<Row>(LIST_BY_PARK, [...page, parkId])
              : database.rows<Row>(LIST, page);
      return Promise.all((await rows).map(open));
    },
    async open(after, limit) {
      const values = [after?.requestedAtMs ?? 0, after?.refundId ?? NIL_ID, limit];
      return (await database.rows<OpenRow>(OPEN, values)).map(toOpen);
    },
  };
}
