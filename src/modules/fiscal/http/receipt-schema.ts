import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { instant, money, nullable, oneOf, uuid } from '../../../infrastructure/http/schemas.ts';
import type { WatchedReceipt } from '../application/ports.ts';

export const OFFICE = ['finance', 'admin'] as const;

const statusWord = oneOf(['pending', 'issued', 'no_register', 'none_required'] as const);

export const WatchedReceiptSchema = Type.Object(
  {
    id: uuid(),
    kind: oneOf(['sale', 'return'] as const),
    status: statusWord,
    payment_id: uuid(),
    refund_id: nullable(uuid('Null for a sale')),
    ticket_id: uuid(),
    park_id: Type.String(),
    total: money(),
    register: Type.String({ description: 'Number of the fiscal module that is asked; `none` where there is none' }),
    fd_number: nullable(Type.String({ description: 'Number of the document at that module' })),
    url: nullable(Type.String({ description: 'What the QR code of the receipt holds' })),
    attempts: Type.Integer({ description: 'Tries that were answered or given up' }),
    error: nullable(Type.String({ description: 'Why the last one came to nothing' })),
    created_at: instant(),
    next_try_at: nullable(instant('Null when it is done, or waits for the receipt of its sale')),
  },
  { $id: 'FiscalReceipt' },
);

export const watchedExample = {
  id: '0c4b2f7e-1d7a-5c3a-9d4e-2f6a8b1c0d3e',
  kind: 'sale',
  status: 'pending',
  payment_id: '01936f30-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  refund_id: null,
  ticket_id: '01936f2e-5b7c-7c3a-9d4e-2f6a8b1c0d3e',
  park_id: 'ala-archa',
  total: '350.00',
  register: '0000000002369707',
  fd_number: null,
  url: null,
  attempts: 4,
  error: 'the register was not reached',
  created_at: '2026-12-01T06:05:00.000Z',
  next_try_at: '2026-12-01T06:18:00.000Z',
} as const;

export const toWatched = (view: WatchedReceipt) => ({
  id: view.receiptId,
  kind: view.kind,
  status: view.status,
  payment_id: view.paymentId,
  refund_id: view.refundId,
  ticket_id: view.ticketId,
  park_id: view.parkId,
  total: formatSom(view.totalTyiyn),
  register: view.register,
  fd_number: view.issued?.fdNumber ?? null,
  url: view.issued?.url ?? null,
  attempts: view.attempts,
  error: view.error,
  created_at: toInstant(view.createdAtMs),
  next_try_at: view.nextTryAtMs === null ? null : toInstant(view.nextTryAtMs),
});
