import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { shownDate, shownInstant } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import type { Payment } from '../payments/payment.ts';
import { RefundDialog } from '../payments/refund-dialog.tsx';
import { PaymentLine } from '../payments/payment-line.tsx';
import { nameOfPark } from '../session/parks.ts';
import { may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { CancelDialog } from './cancel-dialog.tsx';
import { cancellingOf, LOOK_OF_STATUS, type Ticket } from './ticket.ts';

type Props = { readonly ticket: Ticket; readonly onChanged: () => Promise<unknown>; readonly onClose: () => unknown };

/** A ticket with its payments, and what staff can do about it. */
export function TicketDialog({ ticket, onChanged, onClose }: Props) {
  const { tickets: words } = texts();
  const asking = useSignal<'cancel' | Payment | null>(null);
  const payments = useLoad(() => {
    const query = { ticket_id: ticket.id, park_id: ticket.park_id };
    return outcomeOf(api.GET('/api/v1/admin/payments', { params: { query } }));
  }, []);
  const stop = (): void => void (asking.value = null);
  const done = async (): Promise<void> => {
    onClose();
    await onChanged();
  };
  if (asking.value === 'cancel') return <CancelDialog ticket={ticket} onDone={done} onClose={stop} />;
  if (asking.value !== null) return <RefundDialog payment={asking.value} onDone={done} onClose={stop} />;
  return (
    <Dialog title={words.ticketOf(shownDate(ticket.visit_date))} onClose={onClose}>
      <TicketFacts ticket={ticket} />
      <h3>{words.payments}</h3>
      <Loaded of={payments}>
        {({ items }) => (
          <ul class="plain-list stack">
            {items.length === 0 && <li class="muted">{words.noPayments}</li>}
            {items.map((payment) => (
              <li key={payment.id}>
                <PaymentLine payment={payment} onRefund={() => (asking.value = payment)} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {may(MANAGERS, ticket.park_id) && cancellingOf(ticket) !== 'never' && (
        <footer>
          <button type="button" class="outline danger" onClick={() => (asking.value = 'cancel')}>
            {words.cancel}
          </button>
        </footer>
      )}
    </Dialog>
  );
}

function TicketFacts({ ticket }: { readonly ticket: Ticket }) {
  const { tickets: words } = texts();
  const names = ticket.children.map(({ first_name: name, age_band: age }) => `${name ?? words.child} (${age})`);
  const rows: readonly (readonly [string, string | null])[] = [
    [words.park, nameOfPark(ticket.park_id)],
    [words.party, words.partyOf(ticket.people, ticket.remaining)],
    [words.children, names.length === 0 ? null : names.join(', ')],
    [words.paid, words.paidOf(money(ticket.paid), money(ticket.price))],
    [words.code, ticket.qr_code],
    [words.bought, shownInstant(ticket.created_at)],
    [words.used, ticket.used_at === null ? null : shownInstant(ticket.used_at)],
    [words.movedFrom, ticket.moved_from === null ? null : shownDate(ticket.moved_from)],
    [
      words.cancelledAs,
      ticket.cancelled === null
        ? null
        : words.cancelledBy(words.by[ticket.cancelled.by], shownInstant(ticket.cancelled.at), ticket.cancelled.reason),
    ],
    [
      words.refund,
      ticket.refund === null
        ? null
        : words.refundOf(words.refundStatuses[ticket.refund.status], money(ticket.refund.amount)),
    ],
  ];
  return (
    <>
      <p>
        <span class={`badge ${LOOK_OF_STATUS[ticket.status]}`}>{words.statuses[ticket.status]}</span>
      </p>
      <dl class="facts">
        {rows
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </>
  );
}
