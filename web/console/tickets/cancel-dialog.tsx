import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownDate } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { say } from '../../shared/ui/toasts.tsx';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { cancellingOf, type Ticket } from './ticket.ts';

type Props = { readonly ticket: Ticket; readonly onDone: () => Promise<unknown>; readonly onClose: () => unknown };

/** Cancels a ticket: says before what becomes of its places and of the money. */
export function CancelDialog({ ticket, onDone, onClose }: Props) {
  const { tickets: words } = texts();
  const send = intentOf('cancelTicketAsStaff');
  const override = cancellingOf(ticket) === 'override';
  return (
    <ConfirmDialog
      title={words.cancelTitle}
      submit={words.cancel}
      asksReason
      isDanger
      onClose={onClose}
      onConfirm={async (reason) => {
        const body = { reason, ...(override ? { override } : {}) };
        const answer = await send(JSON.stringify([ticket.id, body]), (header) =>
          outcomeOf(
            api.POST('/api/v1/admin/tickets/{id}/cancel', { params: { path: { id: ticket.id }, header }, body }),
          ),
        );
        if (!answer.ok) return answer.problem;
        say(words.cancelled);
        await onDone();
        return null;
      }}
    >
      <p>{words.cancelLead(shownDate(ticket.visit_date), ticket.people)}</p>
      <p>{Number(ticket.paid) > 0 ? words.cancelMoney(money(ticket.paid)) : words.cancelNoMoney}</p>
      {override && <p class="notice warn">{words.cancelOverride}</p>}
    </ConfirmDialog>
  );
}
