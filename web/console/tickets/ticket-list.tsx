import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownDate } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { given } from '../api/given.ts';
import { nameOfPark } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import type { Search } from './search-form.tsx';
import { TicketDialog } from './ticket-dialog.tsx';
import { LOOK_OF_STATUS, type Ticket } from './ticket.ts';

type Props = { readonly parkId: string | null; readonly search: Search };

/** Tickets of a park or of all, the latest visit first. */
export function TicketList({ parkId, search: { phone, code, day, status, turn } }: Props) {
  const { tickets: words } = texts();
  const opened = useSignal<Ticket | null>(null);
  const list = usePages(
    (cursor) => {
      const query = { limit: 25, ...given({ park_id: parkId, phone, qr_code: code, visit_date: day, status, cursor }) };
      return outcomeOf(api.GET('/api/v1/admin/tickets', { params: { query } }));
    },
    [parkId, phone, code, day, status, turn],
  );
  return (
    <>
      <PagedTable
        caption={texts().sections.tickets}
        of={list}
        keyOf={({ id }) => id}
        empty={words.empty}
        columns={columnsOf((ticket) => (opened.value = ticket))}
      />
      {opened.value !== null && (
        <TicketDialog ticket={opened.value} onChanged={list.page.reload} onClose={() => (opened.value = null)} />
      )}
    </>
  );
}

function columnsOf(onOpen: (ticket: Ticket) => unknown): readonly Column<Ticket>[] {
  const { tickets: words } = texts();
  return [
    { title: words.visit, cell: ({ visit_date: day }) => shownDate(day) },
    { title: words.park, cell: ({ park_id: id }) => nameOfPark(id) },
    {
      title: words.status,
      cell: ({ status }) => <span class={`badge ${LOOK_OF_STATUS[status]}`}>{words.statuses[status]}</span>,
    },
    { title: words.party, cell: ({ people, remaining }) => words.partyOf(people, remaining) },
    { title: words.paid, isNumber: true, cell: ({ paid }) => money(paid) },
    { title: words.code, cell: ({ qr_code: code }) => <code>{code}</code> },
    {
      title: words.more,
      cell: (ticket) => (
        <button type="button" class="secondary" onClick={() => void onOpen(ticket)}>
          {words.open}
        </button>
      ),
    },
  ];
}
