import { texts } from '../texts/texts.ts';
import type { Ticket } from './tickets.ts';

const LOOKS: Readonly<Record<Ticket['status'], string>> = {
  pending_payment: 'warn',
  active: 'good',
  used: '',
  expired: 'bad',
  cancelled: 'bad',
  refunded: '',
};

/** Where a ticket stands. */
export const StatusBadge = ({ ticket: { status } }: { readonly ticket: Ticket }) => (
  <span class={`badge ${LOOKS[status]}`}>{texts().status[status]}</span>
);
