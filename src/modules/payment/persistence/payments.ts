import { trustedSom } from '../../../kernel/money.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import { askInChunks } from '../../../infrastructure/postgres/chunks.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Payments, PaymentStatus, PaymentView, UnpaidPayment, UnsettledPayment } from '../application/ports.ts';
import type { PaymentAction } from '../contract.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';

export const paymentsProjection: Projection = {
  name: 'payment.payments',
  schema: 'payment',
  tables: ['payments', 'refunds'],
  eventTypes: [
    'PaymentIntended',
    'PaymentActionIssued',
    'PaymentOutcomeUnknown',
    'PaymentSucceeded',
    'PaymentMismatched',
    'PaymentFailed',
    'PaymentExpired',
    'RefundRequested',
    'RefundSubmitted',
    'RefundOutcomeUnknown',
    'RefundSucceeded',
    'RefundFailed',
  ],
  functionName: 'payment.project_payments',
};

/** What staff see as the status, indexed by these very words. Giving back what came besides the price leaves a payment paid. */
export const SEEN_STATUS = `case when status <> 'succeeded' or refunded <= misfit then status
    when refunded < misfit + amount then 'partially_refunded' else 'refunded' end`;
export const COLUMNS = `id, ticket_id, user_id, park_id, amount, method, external_id, action, created_at,
  ${SEEN_STATUS} as status`;

const FIND = statement('payment.find', `select ${COLUMNS} from payment.payments where id = $1`);
const OF_TICKET = statement(
  'payment.of-ticket',
  `select ${COLUMNS} from payment.payments where ticket_id = $1 order by created_at, id`,
);
const OF_TICKETS = statement(
  'payment.of-tickets',
  `select ${COLUMNS} from payment.payments where ticket_id = any($1) order by created_at, id`,
);
const HAS_ANY = statement(
  'payment.has-any-of-tickets',
  'select exists (select from payment.payments where ticket_id = any($1)) as has',
);
const BY_KEY = statement('payment.by-provider-key', 'select id from payment.payments where provider_key = $1');

const OPEN = statement(
  'payment.open-of-ticket',
  `select ${COLUMNS} from payment.payments
   where ticket_id = $1 and method = $2 and status in ('pending', 'unknown') and expires_at > store.from_ms($3)
   order by created_at limit 1`,
);

const UNSETTLED = statement(
  'payment.unsettled',
  `select id, status, provider_key, external_id, method, created_at, expires_at from payment.payments
   where status in ('pending', 'unknown') and (created_at, id) > (store.from_ms($1), $2)
     and not (status = 'unknown' and external_id is not null and method = any($4))
   order by created_at, id limit $3`,
);

const UNPAID = statement(
  'payment.unpaid',
  `select id, provider_key, external_id, method, expires_at from payment.payments
   where status = 'failed' and misfit = 0 and (expires_at, id) > (store.from_ms($1), $2) order by expires_at, id limit $3`,
);

/** The least UUID. */
const NIL_ID = '00000000-0000-0000-0000-000000000000';

export type PaymentRow = {
  readonly id: string;
  readonly ticket_id: string;
  readonly user_id: string | null;
  readonly park_id: string | null;
  readonly amount: string;
  readonly method: PaymentMethod;
  readonly status: PaymentStatus;
  readonly external_id: string | null;
  readonly action: PaymentAction | null;
  readonly created_at: number;
};

type UnpaidRow = Pick<PaymentRow, 'id' | 'method' | 'external_id'> & {
  readonly provider_key: string;
  readonly expires_at: number;
};
type UnsettledRow = UnpaidRow & Pick<PaymentRow, 'created_at'> & { readonly status: UnsettledPayment['status'] };

export function toView(row: PaymentRow): PaymentView {
  return {
    paymentId: row.id,
    ticketId: row.ticket_id,
    userId: row.user_id,
    parkId: row.park_id,
    amountTyiyn: trustedSom(row.amount),
    method: row.method,
    status: row.status,
    externalId: row.external_id,
    action: row.action,
    createdAtMs: row.created_at,
  };
}

const toUnpaid = (row: UnpaidRow): UnpaidPayment => ({
  paymentId: row.id,
  providerKey: row.provider_key,
  externalId: row.external_id,
  method: row.method,
  expiresAtMs: row.expires_at,
});

const toUnsettled = (row: UnsettledRow): UnsettledPayment => ({
  ...toUnpaid(row),
  status: row.status,
  createdAtMs: row.created_at,
});

export function createPayments(database: Database): Payments {
  const firstView = ([row]: readonly PaymentRow[]): PaymentView | null => (row === undefined ? null : toView(row));
  return {
    find: async (paymentId) => firstView(await database.rows<PaymentRow>(FIND, [paymentId])),
    ofTicket: async (ticketId) => (await database.rows<PaymentRow>(OF_TICKET, [ticketId])).map(toView),
    async ofTickets(ticketIds) {
      return (await askInChunks(ticketIds, (some) => database.rows<PaymentRow>(OF_TICKETS, [some]))).map(toView);
    },
    async hasAnyOf(ticketIds) {
      const answers = await askInChunks(ticketIds, (some) => database.rows<{ has: boolean }>(HAS_ANY, [some]));
      return answers.some(({ has }) => has);
    },
    async idByProviderKey(providerKey) {
      const [row] = await database.rows<{ id: string }>(BY_KEY, [providerKey]);
      return row?.id ?? null;
    },
    openOfTicket: async (ticketId, method, nowMs) =>
      firstView(await database.rows<PaymentRow>(OPEN, [ticketId, method, nowMs])),
    async unsettled(after, limit, unasked) {
      const rows = await database.rows<UnsettledRow>(UNSETTLED, [
        after?.createdAtMs ?? 0,
        after?.paymentId ?? NIL_ID,
        limit,
        unasked,
      ]);
      return rows.map(toUnsettled);
    },
    async unpaid(fromMs, after, limit) {
      const values = [after?.expiresAtMs ?? fromMs, after?.paymentId ?? NIL_ID, limit];
      return (await database.rows<UnpaidRow>(UNPAID, values)).map(toUnpaid);
    },
  };
}
