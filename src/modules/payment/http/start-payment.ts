import { Type } from 'typebox';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { uuid } from '../../../infrastructure/http/schemas.ts';
import type { StartPayment } from '../application/start-payment.ts';
import { onlineMethod, Payment, paymentExample, toPayment } from './payment-schema.ts';

const Body = Type.Object({
  ticket_id: uuid(),
  method: onlineMethod,
  return_url: Type.Optional(
    Type.String({
      pattern: '^https?://',
      maxLength: 500,
      description: 'Where the payer comes back to; it proves nothing',
    }),
  ),
});

export const startPaymentRoute = (startPayment: StartPayment) =>
  defineRoute({
    method: 'POST',
    path: '/payments',
    operationId: 'startPayment',
    summary: 'Begin to pay a ticket',
    description:
      'The amount is that of the ticket, or the difference of its `pending_move`. The answer says what the payer does next; the outcome comes later.',
    tag: 'payments',
    access: { kind: 'user' },
    idempotency: 'required',
    body: Body,
    bodyExample: { ticket_id: paymentExample.ticket_id, method: 'elqr' },
    responses: { 201: { description: 'The payment', schema: Payment, example: paymentExample } },
    problems: [
      'ticket_not_found',
      'ticket_not_payable',
      'payment_in_progress',
      'phone_not_verified',
      'provider_unavailable',
    ],
    async handle({ body, principal, correlationId, commandId }) {
      const started = await startPayment(
        { ticketId: body.ticket_id, userId: principal.userId, method: body.method, returnUrl: body.return_url },
        { actor: principal.actor, correlationId, commandId },
      );
      if (started.ok) {
        // Not the last word: the same key goes on until the payer knows what to do.
        const isUnknown = started.value.status === 'unknown';
        return { status: 201, body: toPayment(started.value), ...(isUnknown ? { keep: false } : {}) };
      }
      const { refusal } = started;
      switch (refusal.code) {
        case 'payment_in_progress':
          return problem('payment_in_progress', { extra: { payment_id: refusal.paymentId } });
        case 'provider_unavailable':
          return problem('provider_unavailable', { extra: { other_methods: refusal.otherMethods } });
        case 'hold_expired':
          return problem('ticket_not_payable', { extra: { ticket_status: 'expired' } });
        case 'ticket_not_payable':
          return problem('ticket_not_payable', { extra: { ticket_status: refusal.status } });
        case 'ticket_not_found':
        case 'phone_not_verified':
          return problem(refusal.code);
      }
    },
  });
