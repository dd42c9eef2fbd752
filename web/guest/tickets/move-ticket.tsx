import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownDay, today } from '../../shared/format/day.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { useRefusal } from '../../shared/ui/use-refusal.ts';
import { Calendar } from '../booking/calendar.tsx';
import { useDays } from '../booking/days.ts';
import { texts } from '../texts/texts.ts';
import type { Ticket } from './tickets.ts';

type Props = { readonly ticket: Ticket; readonly onMoved: () => unknown };

/** Whether the guest may still move it, as far as can be seen here; the node has the last word. */
const mayMove = (ticket: Ticket): boolean =>
  ticket.status === 'active' &&
  ticket.visit_date > today() &&
  ticket.moved_from === null &&
  ticket.pending_move === null &&
  ticket.refund === null &&
  ticket.remaining === ticket.people;

function MoveDialog({ ticket, onMoved, onClose }: Props & { readonly onClose: () => unknown }) {
  const days = useDays(ticket.park_id);
  const chosen = useSignal<string | null>(null);
  const close = useClosing(onClose);
  const [problem, tell] = useRefusal();
  const once = intentOf('moveTicket');
  const move = async (): Promise<void> => {
    const body = { visit_date: chosen.value ?? '' };
    const params = { path: { id: ticket.id } };
    const moved = await once(`${ticket.id} ${body.visit_date}`, (header) =>
      outcomeOf(api.POST('/api/v1/tickets/{id}/move', { params: { ...params, header }, body })),
    );
    tell(moved.ok ? null : moved.problem);
    if (!moved.ok) return days.reload();
    say(moved.value.pending_move === null ? texts().move.done : texts().move.due);
    close();
    await onMoved();
  };
  return (
    <Dialog title={texts().move.title} onClose={close}>
      <p>{texts().move.lead}</p>
      <Loaded of={days} skeletons={2}>
        {(items) => <Calendar days={items} chosen={chosen.value} onChoose={(date) => (chosen.value = date)} />}
      </Loaded>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <BusyButton onPress={move} disabled={chosen.value === null || chosen.value === ticket.visit_date}>
        {chosen.value === null ? texts().move.choose : texts().move.confirm(shownDay(chosen.value))}
      </BusyButton>
    </Dialog>
  );
}

/** Moves a ticket to another day of its park, once. */
export function MoveTicket({ ticket, onMoved }: Props) {
  const isAsking = useSignal(false);
  if (!mayMove(ticket)) return null;
  return (
    <>
      <button type="button" class="secondary outline" onClick={() => (isAsking.value = true)}>
        {texts().move.title}
      </button>
      {isAsking.value && <MoveDialog ticket={ticket} onMoved={onMoved} onClose={() => (isAsking.value = false)} />}
    </>
  );
}
