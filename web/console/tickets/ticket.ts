import type { components } from '../../../clients/typescript/schema.d.ts';

export type Ticket = components['schemas']['StaffTicket'];
export type TicketStatus = Ticket['status'];

export const TICKET_STATUSES: readonly TicketStatus[] = [
  'pending_payment',
  'active',
  'used',
  'expired',
  'cancelled',
  'refunded',
];

/** How each status looks. */
export const LOOK_OF_STATUS: Readonly<Record<TicketStatus, string>> = {
  pending_payment: 'warn',
  active: 'good',
  used: '',
  expired: '',
  cancelled: 'bad',
  refunded: 'bad',
};

/** What cancelling needs: nothing more, a word that it is meant in spite of all, or it cannot be done. */
export function cancellingOf({ status, refund }: Ticket): 'plain' | 'override' | 'never' {
  if (refund !== null) return 'never';
  if (status === 'active' || status === 'pending_payment') return 'plain';
  return status === 'used' || status === 'expired' ? 'override' : 'never';
}
