import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { instant, money, nullable, oneOf, uuid } from '../../../infrastructure/http/schemas.ts';
import type { PaymentView } from '../application/ports.ts';

export const onlineMethod = oneOf(['elqr', 'elcard'] as const);
export const paymentMethod = oneOf(['elqr', 'elcard', 'cash', 'elcard_terminal'] as const);

export const paymentStatus = oneOf([
  'pending',
  'succeeded',
  'failed',
  'unknown',
  'refunded',
  'partially_refunded',
] as const);

export const parkSlug = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 50, example: 'dordoi' });

const Action = Type.Object({
  type: oneOf(['qr', 'redirect'] as const),
  payload: Type.String({ description: 'What a QR image must hold, or where to send the payer' }),
  url: Type.String({ description: "The provider's page for the payer" }),
  expires_at: instant(),
});

export const Payment = Type.Object(
  {
    id: uuid(),
    ticket_id: uuid(),
    status: paymentStatus,
    amount: money(),
    currency: oneOf(['KGS'] as const),
    method: paymentMethod,
    external_id: nullable(Type.String({ description: "The provider's name for it" })),
    action: nullable(Action),
    created_at: instant(),
  },
  { $id: 'Payment' },
);

export const paymentExample = {
  id: '01936f30-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  ticket_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  status: 'pending',
  amount: '350.00',
  currency: 'KGS',
  method: 'elqr',
  external_id: 'b7a0c2de-5b7c-4c3a-9d4e-2f6a8b1c0d3e',
  action: {
    type: 'qr',
    payload: 'https://pay.example/qr#00020101021232…',
    url: 'https://pay.example/payer/b7a0c2de',
    expires_at: '2026-12-01T06:15:00.000Z',
  },
  created_at: '2026-12-01T06:00:05.000Z',
} as const;

export const toPayment = ({ action, ...view }: PaymentView) => ({
  id: view.paymentId,
  ticket_id: view.ticketId,
  status: view.status,
  amount: formatSom(view.amountTyiyn),
  currency: 'KGS' as const,
  method: view.method,
  external_id: view.externalId,
  action:
    action === null || view.status !== 'pending'
      ? null
      : { type: action.type, payload: action.payload, url: action.url, expires_at: toInstant(action.expiresAtMs) },
  created_at: toInstant(view.createdAtMs),
});
