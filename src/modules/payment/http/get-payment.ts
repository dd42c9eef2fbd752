import { Type } from 'typebox';
import { hasRoleAt, type Principal } from '../../../infrastructure/http/access.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { Payments } from '../application/ports.ts';
import { Payment, paymentExample, toPayment } from './payment-schema.ts';

/** Staff see the payments of their parks, owners their own. Without a park only who has them all may look. */
export const maySeePayment = (
  principal: Principal,
  { userId, parkId }: { readonly userId: string | null; readonly parkId: string | null },
): boolean => userId === principal.userId || hasRoleAt(principal, ['gate', 'manager', 'finance', 'admin'], parkId);

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
      const may = found !== null && maySeePayment(principal, found);
      return may ? { status: 200, body: toPayment(found) } : problem('payment_not_found');
    },
  });
