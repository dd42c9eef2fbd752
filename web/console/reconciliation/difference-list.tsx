import { useSignal } from '@preact/signals';
import { Download } from 'lucide';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { shownDate } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { given } from '../api/given.ts';
import { outcomeInJson } from '../api/in-json.ts';
import { nameOfMethod } from '../format/method.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { AS_FILE, download } from '../ui/download.ts';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import { ResolveDialog } from './resolve-dialog.tsx';

export type Difference = components['schemas']['Difference'];

type Props = { readonly parkId: string | null; readonly status: 'open' | 'resolved' };

/** How statements differ from the books. */
export function DifferenceList({ parkId, status }: Props) {
  const { reconciliation: words } = texts();
  const resolving = useSignal<Difference | null>(null);
  const scope = { status, ...given({ park_id: parkId }) };
  const list = usePages(
    (cursor) => {
      const query = { limit: 25, ...scope, ...given({ cursor }) };
      return outcomeInJson(api.GET('/api/v1/admin/reconciliation', { params: { query } }));
    },
    [parkId, status],
  );
  const save = (): Promise<void> =>
    download(
      api.GET('/api/v1/admin/reconciliation', { params: { query: scope }, ...AS_FILE }),
      `differences-${status}.csv`,
    );
  return (
    <>
      <div class="row">
        <BusyButton class="secondary" onPress={save}>
          <Icon of={Download} /> {texts().reports.download}
        </BusyButton>
      </div>
      <PagedTable
        caption={words.views[status]}
        of={list}
        keyOf={({ id }) => id}
        empty={words.empty[status]}
        columns={columnsOf((difference) => (resolving.value = difference))}
      />
      {resolving.value !== null && (
        <ResolveDialog
          difference={resolving.value}
          onDone={list.page.reload}
          onClose={() => (resolving.value = null)}
        />
      )}
    </>
  );
}

const amount = (value: string | null): string => (value === null ? '–' : money(value));

function columnsOf(onResolve: (difference: Difference) => unknown): readonly Column<Difference>[] {
  const { reconciliation: words } = texts();
  return [
    { title: words.day, cell: ({ day }) => (day === null ? '–' : shownDate(day)) },
    { title: words.method, cell: ({ method }) => nameOfMethod(method) },
    { title: words.reference, cell: ({ reference }) => <code>{reference}</code> },
    { title: words.verdict, cell: ({ verdict }) => <span class="badge warn">{words.verdicts[verdict]}</span> },
    { title: words.told, isNumber: true, cell: ({ told }) => amount(told) },
    { title: words.booked, isNumber: true, cell: ({ booked }) => amount(booked) },
    {
      title: words.outcome,
      cell: (difference) =>
        difference.resolved === null ? (
          <button type="button" class="secondary" onClick={() => void onResolve(difference)}>
            {words.resolve}
          </button>
        ) : (
          <>
            <span class="badge good">{words.resolutions[difference.resolved.resolution]}</span>
            {difference.resolved.note !== null && <p>{difference.resolved.note}</p>}
          </>
        ),
    },
  ];
}
