import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { given } from '../api/given.ts';
import { nameOfMethod } from '../format/method.ts';
import { nameOfPark } from '../session/parks.ts';
import { FINANCE, may } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import { isRefundable, LOOK_OF_PAYMENT, PAYMENT_STATUSES, type Payment, type PaymentStatus } from './payment.ts';
import { RefundDialog } from './refund-dialog.tsx';
import { SettleDialog } from './settle-dialog.tsx';

const METHODS = ['elqr', 'elcard', 'cash', 'elcard_terminal'] as const;
const ANY = 'any';

type Asking = { readonly what: 'refund' | 'settle'; readonly payment: Payment };

/** Payments of a park or of all, the newest first. */
export function PaymentList({ parkId }: { readonly parkId: string | null }) {
  const { payments: words, sections } = texts();
  const status = useSignal<PaymentStatus | typeof ANY>(ANY);
  const method = useSignal<(typeof METHODS)[number] | typeof ANY>(ANY);
  const asking = useSignal<Asking | null>(null);
  const list = usePages(
    (cursor) => {
      const chosen = {
        status: status.value === ANY ? null : status.value,
        method: method.value === ANY ? null : method.value,
      };
      const query = { limit: 25, ...given({ park_id: parkId, ...chosen, cursor }) };
      return outcomeOf(api.GET('/api/v1/admin/payments', { params: { query } }));
    },
    [parkId, status.value, method.value],
  );
  const stop = (): void => void (asking.value = null);
  const dialog = { onDone: list.page.reload, onClose: stop };
  return (
    <>
      <div class="filters">
        <SelectField<PaymentStatus | typeof ANY>
          label={words.status}
          value={status.value}
          options={[
            { value: ANY, label: words.any },
            ...PAYMENT_STATUSES.map((value) => ({ value, label: words.statuses[value] })),
          ]}
          onChange={(value) => (status.value = value)}
        />
        <SelectField<(typeof METHODS)[number] | typeof ANY>
          label={words.method}
          value={method.value}
          options={[
            { value: ANY, label: words.any },
            ...METHODS.map((value) => ({ value, label: nameOfMethod(value) })),
          ]}
          onChange={(value) => (method.value = value)}
        />
      </div>
      <PagedTable
        caption={sections.payments}
        of={list}
        keyOf={({ id }) => id}
        empty={words.empty}
        columns={columnsOf((what, payment) => (asking.value = { what, payment }))}
      />
      {asking.value?.what === 'refund' && <RefundDialog payment={asking.value.payment} {...dialog} />}
      {asking.value?.what === 'settle' && <SettleDialog payment={asking.value.payment} {...dialog} />}
    </>
  );
}

function columnsOf(onAsk: (what: Asking['what'], payment: Payment) => unknown): readonly Column<Payment>[] {
  const { payments: words } = texts();
  return [
    { title: words.when, cell: ({ created_at: at }) => shownInstant(at) },
    { title: words.park, cell: ({ park_id: id }) => (id === null ? '–' : nameOfPark(id)) },
    { title: words.method, cell: ({ method }) => nameOfMethod(method) },
    { title: words.amount, isNumber: true, cell: ({ amount }) => money(amount) },
    {
      title: words.status,
      cell: ({ status }) => <span class={`badge ${LOOK_OF_PAYMENT[status]}`}>{words.statuses[status]}</span>,
    },
    { title: words.reference, cell: ({ external_id: id }) => (id === null ? '–' : <code>{id}</code>) },
    {
      title: words.todo,
      cell: (payment) => (
        <div class="row">
          {isRefundable(payment) && (
            <button type="button" class="secondary" onClick={() => void onAsk('refund', payment)}>
              {words.refund}
            </button>
          )}
          {payment.status === 'unknown' && may(FINANCE, payment.park_id) && (
            <button type="button" class="secondary" onClick={() => void onAsk('settle', payment)}>
              {words.settle}
            </button>
          )}
        </div>
      ),
    },
  ];
}
