import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { Field } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { given } from '../api/given.ts';
import { nameOfMethod } from '../format/method.ts';
import { nameOfPark } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import type { Refund } from './payment.ts';

const STATUSES = ['manual', 'requested', 'submitted', 'unknown', 'succeeded'] as const;
const ANY = 'any';

/** Refunds of a park or of all, the newest first; what waits for a person can be told as paid. */
export function RefundList({ parkId }: { readonly parkId: string | null }) {
  const { payments: words } = texts();
  const status = useSignal<(typeof STATUSES)[number] | typeof ANY>(ANY);
  const paying = useSignal<Refund | null>(null);
  const list = usePages(
    (cursor) => {
      const chosen = status.value === ANY ? null : status.value;
      const query = { limit: 25, ...given({ park_id: parkId, status: chosen, cursor }) };
      return outcomeOf(api.GET('/api/v1/admin/refunds', { params: { query } }));
    },
    [parkId, status.value],
  );
  return (
    <>
      <div class="filters">
        <SelectField<(typeof STATUSES)[number] | typeof ANY>
          label={words.status}
          value={status.value}
          options={[
            { value: ANY, label: words.any },
            ...STATUSES.map((value) => ({ value, label: words.refundStatuses[value] })),
          ]}
          onChange={(value) => (status.value = value)}
        />
      </div>
      <PagedTable
        caption={words.views.refunds}
        of={list}
        keyOf={({ id }) => id}
        empty={words.noRefunds}
        columns={columnsOf((refund) => (paying.value = refund))}
      />
      {paying.value !== null && (
        <PaidDialog refund={paying.value} onDone={list.page.reload} onClose={() => (paying.value = null)} />
      )}
    </>
  );
}

function columnsOf(onPaid: (refund: Refund) => unknown): readonly Column<Refund>[] {
  const { payments: words } = texts();
  return [
    { title: words.when, cell: ({ created_at: at }) => shownInstant(at) },
    { title: words.park, cell: ({ park_id: id }) => (id === null ? '–' : nameOfPark(id)) },
    { title: words.method, cell: ({ method }) => nameOfMethod(method) },
    { title: words.amount, isNumber: true, cell: ({ amount }) => money(amount) },
    { title: words.reason, cell: ({ reason }) => reason },
    {
      title: words.status,
      cell: ({ status, failure }) => (
        <>
          <span class={`badge ${status === 'succeeded' ? 'good' : 'warn'}`}>{words.refundStatuses[status]}</span>
          {failure !== null && <p class="muted">{failure}</p>}
        </>
      ),
    },
    {
      title: words.todo,
      cell: (refund) => {
        if (refund.status !== 'manual') return null;
        if (refund.method === 'cash') return <small class="muted">{words.atTheTill}</small>;
        return (
          <button type="button" class="secondary" onClick={() => void onPaid(refund)}>
            {words.paidOut}
          </button>
        );
      },
    },
  ];
}

type PaidProps = { readonly refund: Refund; readonly onDone: () => Promise<unknown>; readonly onClose: () => unknown };

function PaidDialog({ refund: { id, payment_id: paymentId, amount }, onDone, onClose }: PaidProps) {
  const { payments: words } = texts();
  const send = intentOf('confirmRefund');
  return (
    <ConfirmDialog
      title={words.paidOutTitle}
      submit={words.paidOut}
      onClose={onClose}
      onConfirm={async (_reason, fields) => {
        const body = { reference: typed(fields, 'reference') };
        const params = { path: { id: paymentId, refund_id: id } };
        const answer = await send(JSON.stringify([id, body]), (header) =>
          outcomeOf(
            api.POST('/api/v1/payments/{id}/refunds/{refund_id}/confirm', { params: { ...params, header }, body }),
          ),
        );
        if (!answer.ok) return answer.problem;
        say(words.paidOutDone);
        await onDone();
        return null;
      }}
    >
      <p>{words.paidOutLead(money(amount))}</p>
      <Field label={words.reference} name="reference" required maxLength={100} />
    </ConfirmDialog>
  );
}
