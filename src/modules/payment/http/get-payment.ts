import { Type } from 'typebox';
import { hasRoleAt, type Principal } from '../../../infrastructure/http/access.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { Payments } from '../application/ports.ts';
import { Payment, paymentExample, toPayment } from './payment-schema.ts';

/** A payment does not say its park, so only who may see those of all parks may see those of others. */
const seesAll = (principal: Principal): boolean => hasRoleAt(principal, ['manager', 'finance', 'admin'], null);

export const getPaymentRoute = (payments: Payments) =>
  defineRoute({
    method: 'GET',
    path: '/payments/:id',
    operationId: 'getPayment',
    summary: 'How a payment stands',
    tag: 'payments',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    responses: {
      200: {
        description: 'The payment',
        schema: Payment,
        example: { ...paymentExample, status: 'succeeded', action: null },
      },
    },
    problems: ['payment_not_found'],
    async handle({ params, principal }) {
      const found = await payments.find(params.id);
      const may = found !== null && (found.userId === principal.userId || seesAll(principal));
      return may ? { status: 200, body: toPayment(found) } : problem('payment_not_found');
    },
  });
