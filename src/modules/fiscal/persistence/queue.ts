import { assert } from '../../../kernel/assert.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import { createTableQueue, type Due } from '../../../infrastructure/table-queue/table-queue.ts';
import type { DueReceipt, ReceiptOutcome, ReceiptQueue, WantedReceipt } from '../application/ports.ts';
import { documentFromJson, documentToJson } from './document-json.ts';

const START = statement('fiscal.start', 'select position from fiscal.start');

const PUT = statement(
  'fiscal.put-receipt',
  `insert into fiscal.receipt (id, kind, payment_id, refund_id, ticket_id, park_id, total_tyiyn, is_cash, register, document,
     created_at, next_try_at, outcome)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, store.from_ms($11),
     case when $10::jsonb is null then null when $4::uuid is not null then 'infinity' else store.from_ms($11) end,
     case when $10::jsonb is null then 'none_required' end)
   on conflict do nothing`,
);

const COLUMNS = `kind, payment_id, refund_id, ticket_id, park_id, total_tyiyn::text as total_tyiyn, is_cash, register,
  document::text as document`;
const FIND = statement('fiscal.receipt', `select id, ${COLUMNS}, outcome from fiscal.receipt where id = $1`);

const RETURNED = statement(
  'fiscal.returned',
  `select coalesce(sum(total_tyiyn), 0)::text as total from fiscal.receipt where payment_id = $1 and kind = 'return'`,
);

const RELEASE = statement(
  'fiscal.release-returns',
  `update fiscal.receipt r set next_try_at = store.from_ms($1)
   where r.next_try_at = 'infinity' and exists (
     select from fiscal.receipt s where s.payment_id = r.payment_id and s.kind = 'sale' and s.outcome is not null)`,
);

const RETRY = statement(
  'fiscal.retry-receipt',
  `update fiscal.receipt set document = $2,
     next_try_at = case when next_try_at = 'infinity' then next_try_at else store.from_ms($3) end
   where id = $1 and outcome is null returning id`,
);

const RETURNS_WITHOUT = statement(
  'fiscal.returns-without-register',
  `select id, ${COLUMNS} from fiscal.receipt where payment_id = $1 and kind = 'return' and outcome = 'no_register'`,
);

const WANT_AGAIN = statement(
  'fiscal.want-receipts-again',
  `update fiscal.receipt r set register = w.register, document = w.document, outcome = null, error = null, attempts = 0,
     next_try_at = case when r.kind = 'return' then 'infinity' else store.from_ms($4) end
   from unnest($1::uuid[], $2::text[], $3::jsonb[]) w(id, register, document)
   where r.id = w.id and r.outcome = 'no_register'`,
);

const QUEUE = {
  table: 'fiscal.receipt',
  receiver: 'register',
  columns: [
    'kind',
    'payment_id',
    'refund_id',
    'ticket_id',
    'park_id',
    'total_tyiyn::text as total_tyiyn',
    'is_cash',
    'document::text as document',
  ],
  recorded: 'outcome = $3, error = $4',
  atOnce: 16,
  atOnceOfOne: 4,
  // A try opens a shift first where it must, and each call may take its time.
  leaseMs: 120_000,
};

type Row = {
  readonly register: string;
  readonly kind: 'sale' | 'return';
  readonly payment_id: string;
  readonly refund_id: string | null;
  readonly ticket_id: string;
  readonly park_id: string;
  readonly total_tyiyn: string;
  readonly is_cash: boolean;
  readonly document: string | null;
};

const toWanted = ({ id, document, ...row }: Row & { readonly id: string }): WantedReceipt => ({
  receiptId: id,
  kind: row.kind,
  paymentId: row.payment_id,
  refundId: row.refund_id,
  ticketId: row.ticket_id,
  parkId: row.park_id,
  totalTyiyn: BigInt(row.total_tyiyn),
  isCash: row.is_cash,
  register: row.register,
  document: document === null ? null : documentFromJson(document),
});

function toDue(row: Due<Row>): DueReceipt {
  const { document, ...wanted } = toWanted(row);
  assert(document, 'what is due is to be issued');
  return { ...wanted, document, attempts: row.attempts };
}

const textOf = (document: WantedReceipt['document']): string | null =>
  document === null ? null : documentToJson(document);

export function createReceiptQueue(database: Database, clock: Clock): ReceiptQueue {
  const queue = createTableQueue<Row>(database, clock, QUEUE);
  let start: number | null = null;

  return {
    async startPosition() {
      if (start !== null) return start;
      const [row] = await database.rows<{ position: number }>(START);
      assert(row, 'the migration wrote the start');
      start = row.position;
      return start;
    },
    async put(receipt, nowMs) {
      const { receiptId, kind, paymentId, refundId, ticketId, parkId, totalTyiyn, isCash, register, document } =
        receipt;
      const about = [receiptId, kind, paymentId, refundId, ticketId, parkId, totalTyiyn, isCash, register];
      await database.rows(PUT, [...about, textOf(document), nowMs]);
    },
    async find(receiptId) {
      type Found = Row & { readonly id: string; readonly outcome: ReceiptOutcome | null };
      const [row] = await database.rows<Found>(FIND, [receiptId]);
      return row === undefined ? null : { ...toWanted(row), outcome: row.outcome };
    },
    async returnedTyiyn(paymentId) {
      const [row] = await database.rows<{ total: string }>(RETURNED, [paymentId]);
      return BigInt(row?.total ?? 0);
    },
    async releaseReturns(nowMs) {
      await database.rows(RELEASE, [nowMs]);
    },
    workOff: (stopping, tryOnce) => queue.workOff(stopping, (row) => tryOnce(toDue(row))),
    record(receiptId, record) {
      return record.kind === 'done'
        ? queue.record(receiptId, null, [record.outcome, null])
        : queue.record(receiptId, record.nextTryAtMs, [null, record.reason]);
    },
    async retry(receiptId, document, nowMs) {
      return (await database.rows(RETRY, [receiptId, textOf(document), nowMs])).length === 1;
    },
    async returnsWithout(paymentId) {
      return (await database.rows<Row & { readonly id: string }>(RETURNS_WITHOUT, [paymentId])).map(toWanted);
    },
    async wantAgain(receipts, nowMs) {
      await database.rows(WANT_AGAIN, [
        receipts.map(({ receiptId }) => receiptId),
        receipts.map(({ register }) => register),
        receipts.map(({ document }) => textOf(document)),
        nowMs,
      ]);
    },
    backlog: () => queue.backlog(),
  };
}
