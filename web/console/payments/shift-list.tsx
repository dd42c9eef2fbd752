import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { given } from '../api/given.ts';
import { useColleagues } from '../session/colleagues.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';

type Shift = components['schemas']['Shift'];

/** Who took cash at a park, what came of it, and what was in the till at the end. Newest first. */
export function ShiftList({ parkId }: { readonly parkId: string }) {
  const { shifts: words } = texts();
  const nameOf = useColleagues(parkId);
  const list = usePages(
    (cursor) =>
      outcomeOf(
        api.GET('/api/v1/gate/shifts', { params: { query: { park_id: parkId, limit: 25, ...given({ cursor }) } } }),
      ),
    [parkId],
  );
  return (
    <PagedTable caption={words.title} of={list} keyOf={({ id }) => id} empty={words.none} columns={columnsOf(nameOf)} />
  );
}

function Difference({ shift: { difference } }: { readonly shift: Shift }) {
  const { shifts: words } = texts();
  if (difference === null) return <span class="badge warn">{words.open}</span>;
  if (Number(difference) === 0) return <span class="badge good">{words.right}</span>;
  return <span class="badge bad">{money(difference)}</span>;
}

function columnsOf(nameOf: (userId: string) => string | null): readonly Column<Shift>[] {
  const { shifts: words } = texts();
  return [
    {
      title: words.cashier,
      cell: ({ cashier_id: id }) => nameOf(id) ?? <code>{id.slice(-8)}</code>,
    },
    { title: words.opened, cell: ({ opened_at: at }) => shownInstant(at) },
    { title: words.closed, cell: ({ closed_at: at }) => (at === null ? '–' : shownInstant(at)) },
    { title: words.float, isNumber: true, cell: ({ float }) => money(float) },
    { title: words.taken, isNumber: true, cell: ({ taken }) => money(taken) },
    { title: words.paidOut, isNumber: true, cell: ({ paid_out: out }) => money(out) },
    { title: words.expected, isNumber: true, cell: ({ expected }) => money(expected) },
    { title: words.counted, isNumber: true, cell: ({ counted }) => (counted === null ? '–' : money(counted)) },
    { title: words.difference, isNumber: true, cell: (shift) => <Difference shift={shift} /> },
  ];
}
