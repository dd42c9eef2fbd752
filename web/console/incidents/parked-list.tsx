import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { say } from '../../shared/ui/toasts.tsx';
import { given } from '../api/given.ts';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';

type Parked = components['schemas']['ParkedEvent'];
type Asking = { readonly how: 'retry' | 'skip'; readonly event: Parked };

/** Events that a part of the program could not handle, and that wait for a person. */
export function ParkedList() {
  const { parked: words } = texts();
  const asking = useSignal<Asking | null>(null);
  const list = usePages(
    (cursor) =>
      outcomeOf(api.GET('/api/v1/admin/parked-events', { params: { query: { limit: 25, ...given({ cursor }) } } })),
    [],
  );
  return (
    <>
      <PagedTable
        caption={words.title}
        of={list}
        keyOf={({ id }) => id}
        empty={words.empty}
        columns={columnsOf((how, event) => (asking.value = { how, event }))}
      />
      {asking.value !== null && (
        <SettleDialog {...asking.value} onDone={list.page.reload} onClose={() => (asking.value = null)} />
      )}
    </>
  );
}

function columnsOf(onAsk: (how: Asking['how'], event: Parked) => unknown): readonly Column<Parked>[] {
  const { parked: words } = texts();
  return [
    { title: words.when, cell: ({ parked_at: at }) => shownInstant(at) },
    { title: words.part, cell: ({ subscription }) => <code>{subscription}</code> },
    { title: words.why, cell: ({ error }) => error },
    { title: words.attempts, isNumber: true, cell: ({ attempts }) => String(attempts) },
    {
      title: words.todo,
      cell: (event) =>
        event.retry_wanted ? (
          <span class="badge">{words.beingTried}</span>
        ) : (
          <div class="row">
            <button type="button" class="secondary" onClick={() => void onAsk('retry', event)}>
              {words.how.retry.submit}
            </button>
            <button type="button" class="outline danger" onClick={() => void onAsk('skip', event)}>
              {words.how.skip.submit}
            </button>
          </div>
        ),
    },
  ];
}

type SettleProps = Asking & { readonly onDone: () => Promise<unknown>; readonly onClose: () => unknown };

function SettleDialog({ how, event: { id }, onDone, onClose }: SettleProps) {
  const words = texts().parked.how[how];
  return (
    <ConfirmDialog
      title={words.title}
      submit={words.submit}
      asksReason
      isDanger={how === 'skip'}
      onClose={onClose}
      onConfirm={async (reason) => {
        const answer = await outcomeOf(
          api.POST('/api/v1/admin/parked-events/{id}/resolve', { params: { path: { id } }, body: { how, reason } }),
        );
        if (!answer.ok) return answer.problem;
        say(words.done);
        await onDone();
        return null;
      }}
    >
      <p>{words.lead}</p>
    </ConfirmDialog>
  );
}
