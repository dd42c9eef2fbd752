import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { shownDate, shownInstant } from '../../shared/format/day.ts';
import { nameOfPark } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../../shared/api/use-pages.ts';
import { ResolveDialog } from './resolve-dialog.tsx';

export type Incident = components['schemas']['Incident'];

type Props = { readonly parkId: string | null; readonly status: Incident['status'] };

/** Incidents of a park or of all, the newest first. */
export function IncidentList({ parkId, status }: Props) {
  const { incidents: words } = texts();
  const resolving = useSignal<Incident | null>(null);
  const list = usePages(
    (cursor) =>
      outcomeOf(
        api.GET('/api/v1/admin/incidents', {
          params: {
            query: {
              status,
              limit: 25,
              ...(parkId === null ? {} : { park_id: parkId }),
              ...(cursor === undefined ? {} : { cursor }),
            },
          },
        }),
      ),
    [parkId, status],
  );
  return (
    <>
      <PagedTable
        caption={words.statuses[status]}
        of={list}
        keyOf={({ id }) => id}
        empty={words.empty[status]}
        columns={columnsOf((incident) => (resolving.value = incident))}
      />
      {resolving.value !== null && (
        <ResolveDialog
          incident={resolving.value}
          onResolved={list.page.reload}
          onClose={() => (resolving.value = null)}
        />
      )}
    </>
  );
}

function columnsOf(onResolve: (incident: Incident) => unknown): readonly Column<Incident>[] {
  const { incidents: words } = texts();
  return [
    { title: words.noticed, cell: ({ noticed_at: at }) => shownInstant(at) },
    { title: words.park, cell: ({ park_id: id }) => nameOfPark(id) },
    { title: words.what, cell: ({ place, scan_ids: scans }) => words.admittedTimes(place, scans.length) },
    { title: words.visit, cell: ({ visit_date: day }) => shownDate(day) },
    { title: words.first, cell: ({ winner }) => words.firstAt(winner.gate, shownInstant(winner.scanned_at)) },
    {
      title: words.outcome,
      cell: (incident) =>
        incident.resolved === null ? (
          <button type="button" class="secondary" onClick={() => void onResolve(incident)}>
            {words.resolve}
          </button>
        ) : (
          <>
            <span class="badge good">{words.resolutions[incident.resolved.resolution]}</span>
            {incident.resolved.note !== null && <p>{incident.resolved.note}</p>}
          </>
        ),
    },
  ];
}
