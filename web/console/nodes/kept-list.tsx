import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { say } from '../../shared/ui/toasts.tsx';
import { given } from '../api/given.ts';
import { nameOfPark } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';

type Segment = components['schemas']['KeptSegment'];
type Asking = { readonly how: 'release' | 'discard'; readonly segment: Segment };

/** What headquarters did not take from nodes, oldest first. */
export function KeptList({ parkId }: { readonly parkId: string | null }) {
  const { nodes: words } = texts();
  const asking = useSignal<Asking | null>(null);
  const list = usePages(
    (cursor) => {
      const query = { limit: 25, ...given({ park_id: parkId, cursor }) };
      return outcomeOf(api.GET('/api/v1/admin/quarantine', { params: { query } }));
    },
    [parkId],
  );
  return (
    <>
      <PagedTable
        caption={words.views.kept}
        of={list}
        keyOf={({ id }) => id}
        empty={words.nothingKept}
        columns={columnsOf((how, segment) => (asking.value = { how, segment }))}
      />
      {asking.value !== null && (
        <SettleDialog {...asking.value} onDone={list.page.reload} onClose={() => (asking.value = null)} />
      )}
    </>
  );
}

function columnsOf(onAsk: (how: Asking['how'], segment: Segment) => unknown): readonly Column<Segment>[] {
  const { nodes: words } = texts();
  return [
    { title: words.when, cell: ({ at }) => shownInstant(at) },
    { title: words.node, cell: ({ node }) => <code>{node}</code> },
    { title: words.park, cell: ({ park_id: id }) => (id === null ? '–' : nameOfPark(id)) },
    { title: words.what, cell: ({ first, last, types }) => words.segment(last - first + 1, types.join(', ')) },
    { title: words.why, cell: ({ why }) => why },
    {
      title: words.todo,
      cell: (segment) => (
        <div class="row">
          <button type="button" class="secondary" onClick={() => void onAsk('release', segment)}>
            {words.settle.release.submit}
          </button>
          <button type="button" class="outline danger" onClick={() => void onAsk('discard', segment)}>
            {words.settle.discard.submit}
          </button>
        </div>
      ),
    },
  ];
}

type SettleProps = Asking & { readonly onDone: () => Promise<unknown>; readonly onClose: () => unknown };

function SettleDialog({ how, segment: { id }, onDone, onClose }: SettleProps) {
  const words = texts().nodes.settle[how];
  return (
    <ConfirmDialog
      title={words.title}
      submit={words.submit}
      asksReason
      isDanger={how === 'discard'}
      onClose={onClose}
      onConfirm={async (reason) => {
        const options = { params: { path: { id } }, body: { reason } };
        const answer = await outcomeOf(
          how === 'release'
            ? api.POST('/api/v1/admin/quarantine/{id}/release', options)
            : api.POST('/api/v1/admin/quarantine/{id}/discard', options),
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
