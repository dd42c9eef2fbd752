import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownDate } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { given } from '../api/given.ts';
import { whole } from '../format/number.ts';
import { nameOfPark } from '../session/parks.ts';
import { ADMINS, may } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { Page } from '../ui/page.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import { PromoDialog } from './promo-dialog.tsx';
import type { PromoCode } from './promo-terms.ts';

/** Promo codes of the chain; admins make and change them. */
export function PromoPage() {
  const { promo: words, sections } = texts();
  const isEditor = may(ADMINS, null);
  const editing = useSignal<PromoCode | 'new' | null>(null);
  const list = usePages(
    (cursor) =>
      outcomeOf(api.GET('/api/v1/admin/promo-codes', { params: { query: { limit: 25, ...given({ cursor }) } } })),
    [],
  );
  return (
    <Page
      title={sections.promo}
      actions={
        isEditor && (
          <button type="button" onClick={() => (editing.value = 'new')}>
            {words.add}
          </button>
        )
      }
    >
      <p class="muted">{isEditor ? words.lead : words.leadOfReader}</p>
      <PagedTable
        caption={sections.promo}
        of={list}
        keyOf={({ id }) => id}
        empty={words.empty}
        columns={columnsOf(isEditor ? (code) => (editing.value = code) : null)}
      />
      {editing.value !== null && (
        <PromoDialog
          code={editing.value === 'new' ? null : editing.value}
          onChanged={list.page.reload}
          onClose={() => (editing.value = null)}
        />
      )}
    </Page>
  );
}

function columnsOf(onEdit: ((code: PromoCode) => unknown) | null): readonly Column<PromoCode>[] {
  const { promo: words } = texts();
  const columns: readonly Column<PromoCode>[] = [
    { title: words.code, cell: ({ code }) => <strong>{code}</strong> },
    { title: words.off, cell: ({ percent, sum }) => (sum === null ? `${percent ?? 0} %` : money(sum)) },
    {
      title: words.valid,
      cell: ({ valid_from: from, valid_until: until, dates_of: of }) =>
        `${shownDate(from)} – ${shownDate(until)} (${words.datesOf[of]})`,
    },
    {
      title: words.parks,
      cell: ({ park_ids: ids }) => (ids.length === 0 ? words.allParks : ids.map(nameOfPark).join(', ')),
    },
    { title: words.used, isNumber: true, cell: ({ used, total_limit: limit }) => `${whole(used)} / ${whole(limit)}` },
    {
      title: words.state,
      cell: ({ active }) => (
        <span class={`badge ${active ? 'good' : ''}`}>{active ? words.active : words.inactive}</span>
      ),
    },
  ];
  if (onEdit === null) return columns;
  return [
    ...columns,
    {
      title: words.todo,
      cell: (code) => (
        <button type="button" class="secondary" onClick={() => void onEdit(code)}>
          {words.edit}
        </button>
      ),
    },
  ];
}
