import { Type } from 'typebox';
import { readPage, pageOfAll } from '../../../infrastructure/http/page.ts';
import { problem } from '../../../infrastructure/http/problem.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { Payments, PaymentView, TicketOwner } from '../application/ports.ts';
import { maySeePayment } from './get-payment.ts';
import { Payment, paymentExample, toPayment } from './payment-schema.ts';

export const listTicketPaymentsRoute = (payments: Payments, ticketOwner: TicketOwner) =>
  defineRoute({
    method: 'GET',
    path: '/tickets/:id/payments',
    operationId: 'listTicketPayments',
    summary: 'The payments of a ticket, oldest first',
    tag: 'payments',
    access: { kind: 'user' },
    params: Type.Object({ id: uuid() }),
    query: Type.Object(pageQuery),
    responses: {
      200: {
        description: 'A page of payments',
        schema: pageOf(Payment),
        example: { items: [paymentExample], next_cursor: null },
      },
    },
    problems: ['ticket_not_found', 'validation_failed'],
    async handle({ params, query, principal }) {
      const owner = await ticketOwner(params.id);
      if (owner === null || !maySeePayment(principal, owner)) return problem('ticket_not_found');
      const byId = ({ paymentId }: PaymentView): string => paymentId;
      const all = await payments.ofTicket(params.id);
      const page = await readPage('ticket-payments', query, byId, pageOfAll(all, byId));
      if (!page.ok) return page.refusal;
      return { status: 200, body: { items: page.value.items.map(toPayment), next_cursor: page.value.next } };
    },
  });
