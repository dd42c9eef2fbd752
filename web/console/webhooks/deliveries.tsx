import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome, type Problem } from '../../shared/api/outcome.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { given } from '../api/given.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import type { Webhook } from './webhook-form.tsx';

type Delivery = components['schemas']['WebhookDelivery'];

const LOOKS = { waiting: 'warn', delivered: 'good', given_up: 'bad' } as const;

/** What was sent to another system in the last month, and what it answered. */
export function Deliveries({ webhook: { id } }: { readonly webhook: Webhook }) {
  const { webhooks: words } = texts();
  const problem = useSignal<Problem | null>(null);
  const list = usePages(
    (cursor) => {
      const params = { path: { id }, query: { limit: 10, ...given({ cursor }) } };
      return outcomeOf(api.GET('/api/v1/admin/webhooks/{id}/deliveries', { params }));
    },
    [id],
  );
  const told = async (outcome: Outcome<unknown>, done: string): Promise<void> => {
    problem.value = outcome.ok ? null : outcome.problem;
    if (outcome.ok) say(done);
    await list.page.reload();
  };
  const ping = async (): Promise<void> =>
    told(await outcomeOf(api.POST('/api/v1/admin/webhooks/{id}/ping', { params: { path: { id } } })), words.pinged);
  const retry = async ({ id: deliveryId }: Delivery): Promise<void> => {
    const params = { path: { id, delivery_id: deliveryId } };
    await told(
      await outcomeOf(api.POST('/api/v1/admin/webhooks/{id}/deliveries/{delivery_id}/retry', { params })),
      words.retried,
    );
  };
  return (
    <div class="stack">
      <div class="row">
        <BusyButton onPress={ping}>{words.ping}</BusyButton>
        <BusyButton class="secondary" onPress={list.page.reload}>
          {words.refresh}
        </BusyButton>
      </div>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <PagedTable
        caption={words.deliveries}
        of={list}
        keyOf={(delivery) => delivery.id}
        empty={words.noDeliveries}
        columns={columnsOf(retry)}
      />
    </div>
  );
}

function columnsOf(onRetry: (delivery: Delivery) => Promise<unknown>): readonly Column<Delivery>[] {
  const { webhooks: words } = texts();
  const names: Readonly<Record<string, string>> = words.topicNames;
  return [
    { title: words.when, cell: ({ created_at: at }) => shownInstant(at) },
    { title: words.topic, cell: ({ topic }) => names[topic] ?? topic },
    {
      title: words.state,
      cell: ({ status, attempts, last_status: code, last_error: error }) => (
        <>
          <span class={`badge ${LOOKS[status]}`}>{words.deliveryStates[status]}</span>
          <p class="muted">{[words.attempts(attempts), code, error].filter((part) => part !== null).join(', ')}</p>
        </>
      ),
    },
    {
      title: words.todo,
      cell: (delivery) =>
        delivery.status !== 'delivered' && (
          <BusyButton class="secondary" onPress={() => onRetry(delivery)}>
            {words.retry}
          </BusyButton>
        ),
    },
  ];
}
