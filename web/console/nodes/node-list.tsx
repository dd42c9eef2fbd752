import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { ADMINS, may } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { usePoll } from '../../shared/api/use-poll.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Empty } from '../ui/empty.tsx';
import { EnrolDialog } from './enrol-dialog.tsx';
import { NodeCard } from './node-card.tsx';

export type Node = components['schemas']['Node'];

const POLL_MS = 10_000;

/** Nodes of the parks that the reader manages, as they were heard last. */
export function NodeList({ parkId }: { readonly parkId: string | null }) {
  const { nodes: words } = texts();
  const isAdmin = may(ADMINS, null);
  const list = useLoad(() => outcomeOf(api.GET('/api/v1/admin/nodes')), []);
  const asking = useSignal<'enrol' | Node | null>(null);
  const stop = (): void => void (asking.value = null);
  usePoll(list.reload, POLL_MS);
  return (
    <>
      {isAdmin && (
        <div class="row">
          <button type="button" onClick={() => (asking.value = 'enrol')}>
            {words.enrol}
          </button>
        </div>
      )}
      <Loaded of={list}>
        {({ items }) => {
          const shown = items.filter(({ park_id: at }) => parkId === null || at === parkId);
          if (shown.length === 0) return <Empty>{words.noNodes}</Empty>;
          return (
            <ul class="tiles plain-list">
              {shown.map((node) => (
                <li key={node.id}>
                  <NodeCard node={node} onRevoke={isAdmin ? () => (asking.value = node) : null} />
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      {asking.value === 'enrol' && <EnrolDialog onDone={list.reload} onClose={stop} />}
      {asking.value !== null && asking.value !== 'enrol' && (
        <RevokeDialog node={asking.value} onDone={list.reload} onClose={stop} />
      )}
    </>
  );
}

type RevokeProps = { readonly node: Node; readonly onDone: () => Promise<unknown>; readonly onClose: () => unknown };

function RevokeDialog({ node: { id }, onDone, onClose }: RevokeProps) {
  const { nodes: words } = texts();
  return (
    <ConfirmDialog
      title={words.revokeTitle(id)}
      submit={words.revoke}
      isDanger
      onClose={onClose}
      onConfirm={async () => {
        const answer = await outcomeOf(api.POST('/api/v1/admin/nodes/{id}/revoke', { params: { path: { id } } }));
        if (!answer.ok) return answer.problem;
        say(words.revoked(id));
        await onDone();
        return null;
      }}
    >
      <p class="notice warn">{words.revokeLead}</p>
    </ConfirmDialog>
  );
}
