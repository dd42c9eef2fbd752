import { useSignal } from '@preact/signals';
import { Plus } from 'lucide';
import { useRef } from 'preact/hooks';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome } from '../../shared/api/outcome.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { given } from '../api/given.ts';
import { nameOfPark } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import type { Column } from '../ui/data-table.tsx';
import { Page } from '../ui/page.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import { Deliveries } from './deliveries.tsx';
import { Secret } from './secret.tsx';
import { WebhookForm, type Webhook } from './webhook-form.tsx';

type Asking =
  | { readonly kind: 'add' }
  | { readonly kind: 'edit' | 'remove' | 'replace' | 'deliveries'; readonly webhook: Webhook }
  | { readonly kind: 'secret'; readonly secret: string };

/** Other systems that are told of facts: accounting, messengers, a chain's own site. */
export function WebhooksPage() {
  const { webhooks: words, sections } = texts();
  const asking = useSignal<Asking | null>(null);
  const list = usePages(
    (cursor) =>
      outcomeOf(api.GET('/api/v1/admin/webhooks', { params: { query: { limit: 25, ...given({ cursor }) } } })),
    [],
  );
  const close = (): void => void (asking.value = null);
  const now = asking.value;
  const { reload } = list.page;
  return (
    <Page
      title={sections.webhooks}
      actions={
        <button type="button" onClick={() => (asking.value = { kind: 'add' })}>
          <Icon of={Plus} /> {words.add}
        </button>
      }
    >
      <p class="muted">{words.lead}</p>
      <PagedTable
        caption={sections.webhooks}
        of={list}
        keyOf={({ id }) => id}
        empty={words.none}
        columns={columnsOf((ask) => (asking.value = ask))}
      />
      {now?.kind === 'add' && (
        <WebhookForm
          webhook={null}
          onSaved={reload}
          onClose={close}
          onSecret={(secret) => (asking.value = { kind: 'secret', secret })}
        />
      )}
      {now?.kind === 'edit' && <WebhookForm webhook={now.webhook} onSaved={reload} onClose={close} />}
      {now?.kind === 'secret' && <Secret secret={now.secret} onClose={close} />}
      {now?.kind === 'remove' && <RemoveDialog webhook={now.webhook} onDone={reload} onClose={close} />}
      {now?.kind === 'replace' && (
        <ReplaceDialog
          webhook={now.webhook}
          onSecret={(secret) => (asking.value = { kind: 'secret', secret })}
          onClose={close}
        />
      )}
      {now?.kind === 'deliveries' && (
        <Dialog title={words.deliveries} onClose={close}>
          <Deliveries webhook={now.webhook} />
        </Dialog>
      )}
    </Page>
  );
}

function columnsOf(onAsk: (asking: Asking) => unknown): readonly Column<Webhook>[] {
  const { webhooks: words } = texts();
  const button = (kind: 'edit' | 'deliveries' | 'replace', webhook: Webhook, label: string) => (
    <button type="button" class="secondary" onClick={() => void onAsk({ kind, webhook })}>
      {label}
    </button>
  );
  return [
    {
      title: words.receiver,
      cell: ({ description, url }) => (
        <>
          <strong>{description}</strong>
          <p>
            <code>{url}</code>
          </p>
        </>
      ),
    },
    { title: words.park, cell: ({ park_id: id }) => (id === null ? words.allParks : nameOfPark(id)) },
    { title: words.topics, cell: ({ topics }) => topics.map((topic) => words.topicNames[topic]).join(', ') },
    {
      title: words.state,
      cell: ({ enabled, stopped_because: why }) => (
        <>
          <span class={`badge ${enabled ? 'good' : 'warn'}`}>{enabled ? words.on : words.off}</span>
          {why !== null && <p class="muted">{words.stopped[why]}</p>}
        </>
      ),
    },
    {
      title: words.todo,
      cell: (webhook) => (
        <div class="row">
          {button('edit', webhook, words.edit)}
          {button('deliveries', webhook, words.deliveries)}
          {button('replace', webhook, words.replace)}
          <button type="button" class="outline danger" onClick={() => void onAsk({ kind: 'remove', webhook })}>
            {words.remove}
          </button>
        </div>
      ),
    },
  ];
}

type RemoveProps = {
  readonly webhook: Webhook;
  readonly onDone: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

function RemoveDialog({ webhook: { id, url, description }, onDone, onClose }: RemoveProps) {
  const { webhooks: words } = texts();
  return (
    <ConfirmDialog
      title={words.removeTitle(description === '' ? url : description)}
      submit={words.remove}
      isDanger
      onClose={onClose}
      onConfirm={async () => {
        const answer = await outcomeOf(api.DELETE('/api/v1/admin/webhooks/{id}', { params: { path: { id } } }));
        if (!answer.ok) return answer.problem;
        say(words.removed);
        await onDone();
        return null;
      }}
    >
      <p>{words.removeLead}</p>
    </ConfirmDialog>
  );
}

type ReplaceProps = {
  readonly webhook: Webhook;
  readonly onSecret: (secret: string) => unknown;
  readonly onClose: () => unknown;
};

function ReplaceDialog({ webhook: { id }, onSecret, onClose }: ReplaceProps) {
  const { webhooks: words } = texts();
  const made = useRef<string | null>(null);
  const isClosed = useRef(false);
  const close = (): void => {
    isClosed.current = true;
    if (made.current === null) onClose();
    else onSecret(made.current);
  };
  return (
    <ConfirmDialog
      title={words.replace}
      submit={words.replace}
      onClose={close}
      onConfirm={async () => {
        const answer: Outcome<{ readonly secret: string }> = await outcomeOf(
          api.POST('/api/v1/admin/webhooks/{id}/secret', { params: { path: { id } } }),
        );
        if (!answer.ok) return answer.problem;
        made.current = answer.value.secret;
        // It is shown this once: also to whoever closed the question too soon.
        if (isClosed.current) onSecret(made.current);
        return null;
      }}
    >
      <p>{words.replaceLead}</p>
    </ConfirmDialog>
  );
}
