import { Type } from 'typebox';
import { isUuid } from '../../../kernel/ids.ts';
import type { Clock } from '../../../kernel/time.ts';
import { readPage } from '../../../infrastructure/http/page.ts';
import { defineRoute } from '../../../infrastructure/http/route.ts';
import { nullable, pageOf, pageQuery, uuid } from '../../../infrastructure/http/schemas.ts';
import type { ListPayments, PaymentView } from '../application/ports.ts';
import { parkSlug, Payment, paymentExample, paymentMethod, paymentStatus, toPayment } from './payment-schema.ts';

const ListedPayment = Type.Object(
  {
    ...Payment.properties,
    park_id: nullable(Type.String({ description: 'Null for payments older than this field' })),
    waiting_seconds: nullable(
      Type.Integer({
        minimum: 0,
        description: 'Since it began, while nobody knows its outcome; null once it is known',
      }),
    ),
  },
  { $id: 'ListedPayment' },
);

const listedExample = {
  ...paymentExample,
  status: 'unknown',
  action: null,
  park_id: 'dordoi',
  waiting_seconds: 5400,
} as const;

const isWaiting = ({ status }: PaymentView): boolean => status === 'pending' || status === 'unknown';

const toListed = (view: PaymentView, nowMs: number) => ({
  ...toPayment(view),
  park_id: view.parkId,
  // The clock of who began it may be ahead of ours.
  waiting_seconds: isWaiting(view) ? Math.max(0, Math.floor((nowMs - view.createdAtMs) / 1000)) : null,
});

/** Payments of a park, or of all, for who looks after money. */
export const listPaymentsRoute = (list: ListPayments, clock: Clock) =>
  defineRoute({
    method: 'GET',
    path: '/admin/payments',
    operationId: 'listPayments',
    summary: 'Payments, newest first; `status=unknown` is what waits for a provider or its statement',
    description:
      'Without `park_id` only for roles at all parks. What a provider that cannot be asked leaves `unknown` finance ends by `POST /payments/{id}/statement`.',
    tag: 'payments',
    access: { kind: 'roles', roles: ['manager', 'finance', 'admin'], parkFrom: 'query.park_id' },
    query: Type.Object({
      ...pageQuery,
      status: Type.Optional(paymentStatus),
      park_id: Type.Optional(parkSlug),
      method: Type.Optional(paymentMethod),
      ticket_id: Type.Optional(uuid()),
    }),
    responses: {
      200: {
        description: 'A page of payments',
        schema: pageOf(ListedPayment),
        example: { items: [listedExample], next_cursor: null },
      },
    },
    problems: ['validation_failed'],
    async handle({ query }) {
      const { status, park_id: parkId, method, ticket_id: ticketId } = query;
      const byId = ({ paymentId }: PaymentView): string => paymentId;
      const page = await readPage('payments', query, byId, async (before, limit) => {
        if (before !== null && !isUuid(before)) return null;
        return list({ status, parkId, method, ticketId }, before, limit);
      });
      if (!page.ok) return page.refusal;
      const nowMs = clock.now();
      const items = page.value.items.map((view) => toListed(view, nowMs));
      return { status: 200, body: { items, next_cursor: page.value.next } };
    },
  });
