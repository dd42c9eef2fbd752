import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import { formatSom } from '../../../kernel/money.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { instant, money, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { CashRefund, WaitingCashRefunds } from '../application/cash-refunds.ts';
import { parkSlug } from './payment-schema.ts';
import { refundExample } from './refund-schema.ts';
import { DESK } from './shifts.ts';

/** No more than a cashier needs: neither who it is for nor why, in anybody's words. */
const WaitingCashRefund = Type.Object(
  {
    id: uuid(),
    payment_id: uuid(),
    ticket_id: uuid(),
    amount: money('What is to be paid out, KGS'),
    created_at: instant('Since when it waits'),
    sold_for: money('What the sale took, KGS'),
    sold_at: instant('When that was'),
  },
  { $id: 'WaitingCashRefund' },
);

const example = {
  id: refundExample.id,
  payment_id: refundExample.payment_id,
  ticket_id: refundExample.ticket_id,
  amount: refundExample.amount,
  created_at: refundExample.created_at,
  sold_for: '350.00',
  sold_at: '2026-12-01T08:15:00.000Z',
} as const;

const toWaiting = (refund: CashRefund) => ({
  id: refund.refundId,
  payment_id: refund.paymentId,
  ticket_id: refund.ticketId,
  amount: formatSom(refund.amountTyiyn),
  created_at: toInstant(refund.requestedAtMs),
  sold_for: formatSom(refund.soldForTyiyn),
  sold_at: toInstant(refund.soldAtMs),
});

export const listCashRefundsRoute = (waiting: WaitingCashRefunds) =>
  defineRoute({
    method: 'GET',
    path: '/gate/refunds',
    operationId: 'listCashRefunds',
    summary: 'Refunds of cash sales of a park that wait for a till, newest first',
    description: 'What `POST /gate/refunds` pays out; it is gone from here once it is.',
    tag: 'gate',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: DESK, parkFrom: 'query.park_id' },
    query: Type.Object({ ...pageQuery, park_id: parkSlug }),
    responses: {
      200: {
        description: 'A page of refunds',
        schema: pageOf(WaitingCashRefund),
        example: { items: [example], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const byId = ({ refundId }: CashRefund): string => refundId;
      const page = await readPage('cash-refunds', query, byId, async (before, limit) => {
        if (before !== null && !isUuid(before)) return null;
        return waiting(query.park_id, before, limit);
      });
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toWaiting), next_cursor: page.value.next } };
    },
  });
