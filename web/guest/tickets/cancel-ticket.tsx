import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { forgetIntents, intentOf } from '../../shared/api/intent.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { today } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { useRefusal } from '../../shared/ui/use-refusal.ts';
import { texts } from '../texts/texts.ts';
import type { Ticket } from './tickets.ts';

type Props = { readonly ticket: Ticket; readonly onCancelled: () => unknown };

/** Whether the guest alone may still give it back; the node has the last word. */
const mayCancel = ({ status, visit_date: date, remaining, people, refund }: Ticket): boolean =>
  refund === null && (status === 'pending_payment' || (status === 'active' && date > today() && remaining === people));

function CancelDialog({ ticket, onCancelled, onClose }: Props & { readonly onClose: () => unknown }) {
  const close = useClosing(onClose);
  const [problem, tell] = useRefusal();
  const once = intentOf('cancelTicket');
  const words = texts().cancel;
  const cancel = async (): Promise<void> => {
    const params = { path: { id: ticket.id } };
    const done = await once(ticket.id, (header) =>
      outcomeOf(api.POST('/api/v1/tickets/{id}/cancel', { params: { ...params, header }, body: {} })),
    );
    tell(done.ok ? null : done.problem);
    if (!done.ok) return;
    forgetIntents('buyTicket');
    close();
    say(words.done);
    await onCancelled();
    // What became of the money is said at the top.
    scrollTo(0, 0);
  };
  return (
    <Dialog title={words.ask} onClose={close}>
      <p>{Number(ticket.paid) === 0 ? words.unpaid : words.paid(money(ticket.paid))}</p>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <footer class="row">
        <button type="button" class="secondary" onClick={close}>
          {words.keep}
        </button>
        <BusyButton class="danger" onPress={cancel}>
          {words.confirm}
        </BusyButton>
      </footer>
    </Dialog>
  );
}

/** Gives a ticket back, after saying what becomes of the money. */
export function CancelTicket({ ticket, onCancelled }: Props) {
  const isAsking = useSignal(false);
  const words = texts().cancel;
  if (!mayCancel(ticket)) {
    return ticket.status === 'active' ? <p class="muted">{words.onlyStaff}</p> : null;
  }
  return (
    <>
      <button type="button" class="outline danger" onClick={() => (isAsking.value = true)}>
        {words.title}
      </button>
      {isAsking.value && (
        <CancelDialog ticket={ticket} onCancelled={onCancelled} onClose={() => (isAsking.value = false)} />
      )}
    </>
  );
}
