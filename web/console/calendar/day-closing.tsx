import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { texts } from '../texts/texts.ts';
import { usePoll } from '../../shared/api/use-poll.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

const POLL_MS = 2_000;

type Props = { readonly parkId: string; readonly date: string; readonly shownDate: string };

/** What becomes of the tickets of a closed day: they can all be cancelled, and how far that is can be seen. */
export function DayClosing({ parkId, date, shownDate }: Props) {
  const { calendar: words } = texts();
  const send = intentOf('cancelDay');
  const isAsking = useSignal(false);
  const params = { path: { id: parkId, date } };
  const closing = useLoad(() => outcomeOf(api.GET('/api/v1/admin/parks/{id}/days/{date}/cancel-all', { params })), []);
  usePoll(() => {
    if (closing.value?.done === false) void closing.reload();
  }, POLL_MS);
  if (closing.value !== null) {
    const { tickets, cancelled, refunded, admitted, done } = closing.value;
    return (
      <section class="stack" aria-label={words.cancelling}>
        <h3>{done ? words.allCancelled : words.cancelling}</h3>
        <progress value={done ? 1 : cancelled} max={done ? 1 : Math.max(1, tickets)} aria-label={words.cancelling} />
        <p role="status">{words.cancelProgress(cancelled, tickets, refunded, admitted)}</p>
      </section>
    );
  }
  if (closing.problem !== null && closing.problem.code !== 'day_closing_not_found') {
    return <ProblemNotice problem={closing.problem} onRetry={closing.reload} />;
  }
  return (
    <>
      <button type="button" class="outline danger" onClick={() => (isAsking.value = true)}>
        {words.cancelAll}
      </button>
      {isAsking.value && (
        <ConfirmDialog
          title={words.cancelAll}
          submit={words.cancelAll}
          asksReason
          isDanger
          onClose={() => (isAsking.value = false)}
          onConfirm={async (reason) => {
            const answer = await send(JSON.stringify([parkId, date, reason]), (header) =>
              outcomeOf(
                api.POST('/api/v1/admin/parks/{id}/days/{date}/cancel-all', {
                  params: { ...params, header },
                  body: { reason },
                }),
              ),
            );
            if (answer.ok) await closing.reload();
            return answer.ok ? null : answer.problem;
          }}
        >
          <p class="notice warn">{words.cancelAllLead(shownDate)}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
