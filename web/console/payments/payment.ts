import type { components } from '../../../clients/typescript/schema.d.ts';
import { may, OFFICE } from '../session/staff.ts';

export type Payment = components['schemas']['ListedPayment'];
export type PaymentStatus = Payment['status'];
export type Refund = components['schemas']['Refund'];

export const PAYMENT_STATUSES: readonly PaymentStatus[] = [
  'pending',
  'succeeded',
  'failed',
  'unknown',
  'refunded',
  'partially_refunded',
];

/** How each status looks. */
export const LOOK_OF_PAYMENT: Readonly<Record<PaymentStatus, string>> = {
  pending: 'warn',
  succeeded: 'good',
  failed: 'bad',
  unknown: 'warn',
  refunded: '',
  partially_refunded: '',
};

/** Whether something of it can go back, and the reader may say so. */
export const isRefundable = ({ status, park_id: parkId }: Payment): boolean =>
  (status === 'succeeded' || status === 'partially_refunded') && may(OFFICE, parkId);
