import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Receipts, ReceiptView, WatchedReceipt } from '../application/ports.ts';

export const issuedProjection: Projection = {
  name: 'fiscal.issued',
  schema: 'fiscal',
  tables: ['issued'],
  eventTypes: ['FiscalReceiptIssued'],
  functionName: 'fiscal.project_issued',
};

const ISSUED = 'i.fn_number, i.fd_number, i.fiscal_sign, i.register_number, i.tin, i.url, i.is_test, i.issued_at';

// The log says what should have a receipt, so that nothing is overlooked that is only on its way.
const OF_PAYMENTS = statement(
  'fiscal.receipts-of-payments',
  `select coalesce(i.receipt_id, r.id) as id, case e.event_type when 'PaymentSucceeded' then 'sale' else 'return' end as kind,
     case when i.receipt_id is not null then 'issued' when e.position <= (select position from fiscal.start) then 'none_required'
       else coalesce(r.outcome, 'pending') end as status,
     e.aggregate_id as payment_id, f.refund_id, coalesce(r.total_tyiyn, (e.event_data ->> 'amountTyiyn')::bigint)::text as total,
     ${ISSUED}
   from store.event e
   cross join lateral (select (e.event_data ->> 'refundId')::uuid as refund_id) f
   left join fiscal.receipt r on r.payment_id = e.aggregate_id and r.refund_id is not distinct from f.refund_id
   left join fiscal.issued i on i.payment_id = e.aggregate_id and i.refund_id is not distinct from f.refund_id
   where e.aggregate_id = any($1) and e.event_type in ('PaymentSucceeded', 'RefundSucceeded') order by e.position`,
);

const FIND_ISSUED = statement(
  'fiscal.issued-receipt',
  'select ticket_id, fn_number, fd_number, url from fiscal.issued where receipt_id = $1',
);

const list = (name: string, condition: string) =>
  statement(
    `fiscal.list-${name}`,
    `select r.entry, r.id, r.kind, coalesce(r.outcome, 'pending') as status, r.payment_id, r.refund_id, r.ticket_id, r.park_id,
       r.register, r.total_tyiyn::text as total, r.attempts, r.error, r.created_at, r.next_try_at, ${ISSUED}
     from fiscal.receipt r left join fiscal.issued i on i.receipt_id = r.id
     where ${condition} and ($1::bigint is null or r.entry < $1) and ($3::text is null or r.park_id = $3)
     order by r.entry desc limit $2`,
  );
// One statement for each question, so that each is answered from its own index.
const LIST_PENDING = list('pending', 'r.next_try_at is not null');
const LIST_OVERDUE = list('overdue', 'r.next_try_at is not null and r.created_at < store.from_ms($4)');
const LIST_DONE = list('done', 'r.outcome = $4');

type Issued = {
  readonly fn_number: string;
  readonly fd_number: string;
  readonly fiscal_sign: string;
  readonly register_number: string;
  readonly tin: string;
  readonly url: string;
  readonly is_test: boolean;
  readonly issued_at: number;
};
type Row = (Issued | { readonly [Column in keyof Issued]: null }) & {
  readonly id: string | null;
  readonly kind: 'sale' | 'return';
  readonly status: ReceiptView['status'];
  readonly payment_id: string;
  readonly refund_id: string | null;
  readonly total: string;
};
type WatchedRow = Row & {
  readonly id: string;
  readonly entry: number;
  readonly ticket_id: string;
  readonly park_id: string;
  readonly register: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly created_at: number;
  readonly next_try_at: number | null;
};

const toView = (row: Row): ReceiptView => ({
  receiptId: row.id,
  kind: row.kind,
  status: row.status,
  paymentId: row.payment_id,
  refundId: row.refund_id,
  totalTyiyn: BigInt(row.total),
  issued:
    row.fd_number === null
      ? null
      : {
          fnNumber: row.fn_number,
          fdNumber: row.fd_number,
          fiscalSign: row.fiscal_sign,
          registerNumber: row.register_number,
          tin: row.tin,
          url: row.url,
          isTest: row.is_test,
          issuedAtMs: row.issued_at,
        },
});

const toWatched = (row: WatchedRow): WatchedReceipt => ({
  ...toView(row),
  receiptId: row.id,
  entry: row.entry,
  ticketId: row.ticket_id,
  parkId: row.park_id,
  register: row.register,
  attempts: row.attempts,
  error: row.error,
  createdAtMs: row.created_at,
  nextTryAtMs: row.next_try_at === Infinity ? null : row.next_try_at,
});

export function createReceipts(database: Database): Receipts {
  function rowsOf({ status, parkId, before, limit, createdBeforeMs }: Parameters<Receipts['list']>[0]) {
    const page = [before, limit, parkId];
    if (status === 'pending') return database.rows<WatchedRow>(LIST_PENDING, page);
    return status === 'overdue'
      ? database.rows<WatchedRow>(LIST_OVERDUE, [...page, createdBeforeMs])
      : database.rows<WatchedRow>(LIST_DONE, [...page, status]);
  }
  return {
    ofPayments: async (paymentIds) => (await database.rows<Row>(OF_PAYMENTS, [paymentIds])).map(toView),
    list: async (filter) => (await rowsOf(filter)).map(toWatched),
    async issued(receiptId) {
      type Found = Pick<Issued, 'fn_number' | 'fd_number' | 'url'> & { readonly ticket_id: string };
      const [row] = await database.rows<Found>(FIND_ISSUED, [receiptId]);
      if (row === undefined) return null;
      return { ticketId: row.ticket_id, fnNumber: row.fn_number, fdNumber: row.fd_number, url: row.url };
    },
  };
}
