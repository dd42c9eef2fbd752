import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { given } from '../api/given.ts';
import { nameOfPark } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { usePages } from '../../shared/api/use-pages.ts';

type Receipt = components['schemas']['FiscalReceipt'];

const STATUSES = ['overdue', 'pending', 'issued', 'no_register', 'none_required'] as const;
type Status = (typeof STATUSES)[number];

const LOOKS = { pending: 'warn', issued: 'good', no_register: 'bad', none_required: '' } as const;

/** Receipts for the tax service: those that are late first of all. */
export function ReceiptList({ parkId }: { readonly parkId: string | null }) {
  const { receipts: words } = texts();
  const status = useSignal<Status>('overdue');
  const problem = useSignal<Problem | null>(null);
  const list = usePages(
    (cursor) => {
      const query = { status: status.value, limit: 25, ...given({ park_id: parkId, cursor }) };
      return outcomeOf(api.GET('/api/v1/admin/fiscal-receipts', { params: { query } }));
    },
    [parkId, status.value],
  );
  const retry = async ({ id }: Receipt): Promise<void> => {
    const asked = await outcomeOf(api.POST('/api/v1/admin/fiscal-receipts/{id}/retry', { params: { path: { id } } }));
    problem.value = asked.ok ? null : asked.problem;
    if (asked.ok) say(words.retried);
    await list.page.reload();
  };
  return (
    <>
      <p class="muted">{words.lead}</p>
      <div class="filters">
        <SelectField<Status>
          label={words.status}
          value={status.value}
          options={STATUSES.map((value) => ({ value, label: words.statuses[value] }))}
          onChange={(value) => (status.value = value)}
        />
      </div>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <PagedTable
        caption={words.title}
        of={list}
        keyOf={({ id }) => id}
        empty={status.value === 'overdue' ? words.noneOverdue : words.none}
        columns={columnsOf(retry)}
      />
    </>
  );
}

function columnsOf(onRetry: (receipt: Receipt) => Promise<unknown>): readonly Column<Receipt>[] {
  const { receipts: words } = texts();
  return [
    { title: words.when, cell: ({ created_at: at }) => shownInstant(at) },
    { title: words.park, cell: ({ park_id: id }) => nameOfPark(id) },
    { title: words.kind, cell: ({ kind }) => words.kinds[kind] },
    { title: words.sum, isNumber: true, cell: ({ total }) => money(total) },
    {
      title: words.status,
      cell: ({ status, error, attempts }) => (
        <>
          <span class={`badge ${LOOKS[status]}`}>{words.statuses[status]}</span>
          {error !== null && <p class="muted">{`${error} (${words.attempts(attempts)})`}</p>}
        </>
      ),
    },
    {
      title: words.document,
      cell: ({ url, fd_number: number }) =>
        url === null ? (
          '–'
        ) : (
          <a href={url} target="_blank" rel="noreferrer">
            {number ?? words.show}
          </a>
        ),
    },
    {
      title: words.todo,
      cell: (receipt) =>
        (receipt.status === 'pending' || receipt.status === 'no_register') && (
          <BusyButton class="secondary" onPress={() => onRetry(receipt)}>
            {words.retry}
          </BusyButton>
        ),
    },
  ];
}
