import { Type } from 'typebox';
import { assert } from '../../../kernel/assert.ts';
import { isUuid, type Ids } from '../../../kernel/ids.ts';
import { formatSom, parseSom } from '../../../kernel/money.ts';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { pageOfAll, readPage } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { money, pageOf, pageQuery, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Payments, Refunds, RefundView } from '../application/ports.ts';
import type { AskForRefund, PayOutRefund } from '../application/request-refund.ts';
import { parkSlug } from './payment-schema.ts';
import { Refund, refundExample, refundStatus, toRefund } from './refund-schema.ts';

const STAFF = ['manager', 'finance', 'admin'] as const;
const FINANCE = ['finance', 'admin'] as const;
const byId = ({ refundId }: RefundView): string => refundId;

type Ports = { readonly payments: Payments; readonly refunds: Refunds; readonly ids: Ids };

const AMOUNT_FAULT = problem('validation_failed', {
  errors: [{ path: 'amount', message: 'must be more than 0.00' }],
});

export const requestRefundRoute = ({ payments, refunds, ids }: Ports, askForRefund: AskForRefund) =>
  defineRoute({
    method: 'POST',
    path: '/payments/:id/refunds',
    operationId: 'requestRefund',
    summary: 'Give money of a payment back',
    description:
      'Moves money, changes no place. It goes back through the provider, or becomes a task for a person. All that is left when `amount` is absent. What the desk of a park with a node of its own took, that node gives back (`not_home`).',
    tag: 'payments',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: STAFF, parkFrom: 'resource' },
    stepUp: 'required',
    idempotency: 'required',
    params: Type.Object({ id: uuid() }),
    body: Type.Object({
      amount: Type.Optional(money('How much, in KGS')),
      reason: text(200, { description: 'Why, in your own words; kept under the guest’s key', example: 'goodwill' }),
    }),
    bodyExample: { amount: '100.00', reason: 'goodwill' },
    responses: { 201: { description: 'The refund', schema: Refund, example: refundExample } },
    problems: [
      'payment_not_found',
      'payment_not_refundable',
      'refund_exceeds_payment',
      'not_home',
      'validation_failed',
    ],
    async handle({ params, body, principal, correlationId, commandId }) {
      const found = await payments.find(params.id);
      if (found === null || !hasRoleAt(principal, STAFF, found.parkId)) return problem('payment_not_found');
      const amountTyiyn = body.amount === undefined ? null : parseSom(body.amount);
      if (body.amount !== undefined && (amountTyiyn === null || amountTyiyn === 0n)) return AMOUNT_FAULT;
      const refundId = ids.derive(`refund:${commandId}`);
      const asked = await askForRefund(
        { paymentId: params.id, refundId, amountTyiyn, reason: 'asked_by_staff', note: body.reason },
        { actor: principal.actor, correlationId, commandId },
      );
      if (!asked.ok) {
        const { refusal } = asked;
        if (refusal.code === 'payment_not_succeeded') return problem('payment_not_refundable');
        assert(refusal.code === 'refund_exceeds_payment', `a refund was refused as ${refusal.code}`);
        return problem('refund_exceeds_payment', { extra: { refundable: formatSom(refusal.refundableTyiyn) } });
      }
      const refund = await refunds.find(refundId);
      assert(refund, 'a stored refund is in the read model');
      return { status: 201, body: toRefund(refund) };
    },
  });

export const listPaymentRefundsRoute = ({ payments, refunds }: Ports) =>
  defineRoute({
    method: 'GET',
    path: '/payments/:id/refunds',
    operationId: 'listPaymentRefunds',
    summary: 'What of a payment goes back, oldest first',
    tag: 'payments',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: STAFF, parkFrom: 'resource' },
    params: Type.Object({ id: uuid() }),
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'A page of refunds',
        schema: pageOf(Refund),
        example: { items: [refundExample], next_cursor: null },
      },
    },
    problems: ['payment_not_found', 'validation_failed'],
    async handle({ params, query, principal }) {
      const found = await payments.find(params.id);
      if (found === null || !hasRoleAt(principal, STAFF, found.parkId)) return problem('payment_not_found');
      const all = await refunds.ofPayment(params.id);
      const page = await readPage('payment-refunds', query, byId, pageOfAll(all, byId));
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toRefund), next_cursor: page.value.next } };
    },
  });

export const confirmRefundRoute = ({ payments, refunds }: Ports, payOut: PayOutRefund) =>
  defineRoute({
    method: 'POST',
    path: '/payments/:id/refunds/:refund_id/confirm',
    operationId: 'confirmRefund',
    summary: 'Say that a person paid a refund out',
    description: 'Only for a refund in status `manual`. One in cash is paid at a till instead.',
    tag: 'payments',
    servedAt: 'everywhere',
    access: { kind: 'roles', roles: FINANCE, parkFrom: 'resource' },
    stepUp: 'required',
    idempotency: 'required',
    params: Type.Object({ id: uuid(), refund_id: uuid() }),
    body: Type.Object({
      reference: text(100, { description: 'How to find the payout in the books', example: 'transfer 2026-12-01/17' }),
    }),
    bodyExample: { reference: 'transfer 2026-12-01/17' },
    responses: {
      200: {
        description: 'The refund',
        schema: Refund,
        example: { ...refundExample, status: 'succeeded', reference: 'transfer 2026-12-01/17' },
      },
    },
    problems: ['payment_not_found', 'refund_not_found', 'refund_not_manual', 'not_home'],
    async handle({ params, body, principal, correlationId, commandId }) {
      const [paymentId, refundId] = [params.id, params.refund_id];
      const found = await payments.find(paymentId);
      if (found === null || !hasRoleAt(principal, FINANCE, found.parkId)) return problem('payment_not_found');
      if (found.method === 'cash') return problem('refund_not_manual');
      const payout = { paymentId, refundId, reference: body.reference };
      const paid = await payOut(payout, { actor: principal.actor, correlationId, commandId });
      if (!paid.ok) {
        const { code } = paid.refusal;
        assert(code === 'refund_not_found' || code === 'refund_not_manual', `a payout was refused as ${code}`);
        return problem(code);
      }
      const refund = await refunds.find(refundId);
      assert(refund, 'a refund that was paid out is in the read model');
      return { status: 200, body: toRefund(refund) };
    },
  });

export const listRefundsRoute = ({ refunds }: Pick<Ports, 'refunds'>) =>
  defineRoute({
    method: 'GET',
    path: '/admin/refunds',
    operationId: 'listRefunds',
    summary: 'Refunds, newest first; `status=manual` is what waits for a person',
    tag: 'payments',
    access: { kind: 'roles', roles: FINANCE, parkFrom: 'query.park_id' },
    query: Type.Object({
      ...pageQuery,
      status: Type.Optional(refundStatus),
      park_id: Type.Optional(parkSlug),
    }),
    responses: {
      200: {
        description: 'A page of refunds',
        schema: pageOf(Refund),
        example: { items: [{ ...refundExample, status: 'manual' }], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const page = await readPage('refunds', query, byId, async (before, limit) => {
        if (before !== null && !isUuid(before)) return null;
        return refunds.list({ status: query.status, parkId: query.park_id, before: before ?? undefined, limit });
      });
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toRefund), next_cursor: page.value.next } };
    },
  });
