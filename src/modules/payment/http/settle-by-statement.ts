import { Type } from 'typebox';
import { assert } from '../../../kernel/assert.ts';
import { parseSom } from '../../../kernel/money.ts';
import { hasRoleAt } from '../../../infrastructure/http/access.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { money, text, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Payments } from '../application/ports.ts';
import type { SettleByStatement } from '../application/settle-by-statement.ts';
import { Payment, paymentExample, toPayment } from './payment-schema.ts';

const READERS = ['finance', 'admin'] as const;

const NO_SUM = problem('validation_failed', {
  errors: [{ path: 'amount', message: 'must be more than 0.00, and goes with reference and only with it' }],
});

/** What the statement of a provider that cannot be asked says of a payment. */
export const settleByStatementRoute = (payments: Payments, settle: SettleByStatement) =>
  defineRoute({
    method: 'POST',
    path: '/payments/:id/statement',
    operationId: 'settlePaymentByStatement',
    summary: 'Say what the provider’s statement tells of a payment whose outcome is unknown',
    description:
      'Only where the provider cannot be asked. With `amount` and `reference` the money came, and makes the ticket valid or goes back; without them it did not come.',
    tag: 'payments',
    access: { kind: 'roles', roles: READERS, parkFrom: 'resource' },
    stepUp: 'required',
    idempotency: 'required',
    params: Type.Object({ id: uuid() }),
    body: Type.Object({
      amount: Type.Optional(money()),
      reference: Type.Optional(text(100, { description: 'The provider’s name of the transfer', example: 'elqr-7' })),
    }),
    bodyExample: { amount: '350.00', reference: 'elqr-7' },
    responses: {
      200: {
        description: 'The payment',
        schema: Payment,
        example: { ...paymentExample, status: 'succeeded', action: null },
      },
    },
    problems: ['payment_not_found', 'payment_not_in_doubt', 'money_of_another_payment', 'validation_failed'],
    async handle({ params, body, principal, correlationId, commandId }) {
      const found = await payments.find(params.id);
      if (found === null || !hasRoleAt(principal, READERS, found.parkId)) return problem('payment_not_found');
      const { amount, reference } = body;
      const amountTyiyn = amount === undefined ? null : parseSom(amount);
      const isSum = amountTyiyn === null || amountTyiyn > 0n;
      if (!isSum || (amountTyiyn === null) !== (reference === undefined)) return NO_SUM;
      const says = amountTyiyn === null || reference === undefined ? null : { amountTyiyn, reference };
      const meta = { actor: principal.actor, correlationId, commandId };
      const settled = await settle({ paymentId: params.id, says }, meta);
      if (!settled.ok) return problem(settled.refusal.code);
      const view = await payments.find(params.id);
      assert(view, 'a settled payment is in the read model');
      return { status: 200, body: toPayment(view) };
    },
  });
