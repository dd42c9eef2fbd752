import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { instant, money, nullable, oneOf, uuid } from '../../../infrastructure/http/schemas.ts';
import type { RefundView } from '../application/ports.ts';
import { paymentMethod } from './payment-schema.ts';

export const refundStatus = oneOf(
  ['requested', 'submitted', 'unknown', 'succeeded', 'manual'] as const,
  '`manual`: the provider does not pay it out, a person does; `unknown`: the provider is being asked',
);

export const Refund = Type.Object(
  {
    id: uuid(),
    payment_id: uuid(),
    ticket_id: uuid(),
    park_id: nullable(Type.String({ description: 'Null for payments older than this field' })),
    method: paymentMethod,
    amount: money(),
    reason: Type.String({
      description: 'Why, in the words of who asked for it; else a code, as also once the guest is erased',
    }),
    status: refundStatus,
    failure: nullable(Type.String({ description: 'Why a person has to pay it out' })),
    reference: nullable(Type.String({ description: "The provider's or the person's name of the payout" })),
    created_at: instant(),
  },
  { $id: 'Refund' },
);

export const refundExample = {
  id: '01936f31-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  payment_id: '01936f30-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  ticket_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  park_id: 'dordoi',
  method: 'elcard',
  amount: '100.00',
  reason: 'goodwill',
  status: 'requested',
  failure: null,
  reference: null,
  created_at: '2026-12-01T09:00:00.000Z',
} as const;

export const toRefund = (view: RefundView) => ({
  id: view.refundId,
  payment_id: view.paymentId,
  ticket_id: view.ticketId,
  park_id: view.parkId,
  method: view.method,
  amount: formatSom(view.amountTyiyn),
  reason: view.reason,
  status: view.status,
  failure: view.failure,
  reference: view.reference,
  created_at: toInstant(view.requestedAtMs),
});
