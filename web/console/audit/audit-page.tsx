import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { plusDays, shownInstant } from '../../shared/format/day.ts';
import { Field } from '../../shared/ui/form.tsx';
import { typed } from '../../shared/ui/typed.ts';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { given } from '../api/given.ts';
import { nameOfPark, parkInView } from '../session/parks.ts';
import { may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { PagedTable } from '../ui/paged-table.tsx';
import { usePages } from '../ui/use-pages.ts';

type Entry = components['schemas']['AuditEntry'];
type Search = { readonly from: string; readonly to: string; readonly action: string; readonly about: string };

/** The parks are six hours before Greenwich all year. */
const startOf = (day: string): string => (day === '' ? '' : `${day}T00:00:00+06:00`);

/** Who did what, and when. */
export function AuditPage() {
  const { audit: words, sections } = texts();
  const search = useSignal<Search>({ from: '', to: '', action: '', about: '' });
  const here = parkInView.value;
  const list = (parkId: string | null) => <AuditList parkId={parkId} search={search.value} />;
  return (
    <Page title={sections.audit}>
      <p class="muted">{words.lead}</p>
      <search>
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            const fields = new FormData(event.currentTarget);
            search.value = {
              from: typed(fields, 'from'),
              to: typed(fields, 'to'),
              action: typed(fields, 'action'),
              about: typed(fields, 'about'),
            };
          }}
        >
          <div class="filters">
            <Field label={words.from} name="from" type="date" />
            <Field label={words.to} name="to" type="date" />
            <Field label={words.action} name="action" maxLength={50} hint={words.actionHint} />
            <Field label={words.about} name="about" maxLength={36} hint={words.aboutHint} />
          </div>
          <button type="submit">{words.search}</button>
        </form>
      </search>
      {may(MANAGERS, here) ? list(here) : <NeedsPark roles={MANAGERS}>{list}</NeedsPark>}
    </Page>
  );
}

function AuditList({
  parkId,
  search: { from, to, action, about },
}: {
  readonly parkId: string | null;
  readonly search: Search;
}) {
  const { audit: words, sections } = texts();
  const list = usePages(
    (cursor) => {
      const until = to === '' ? '' : startOf(plusDays(to, 1));
      const asked = given({ park_id: parkId, action, aggregate_id: about, from: startOf(from), to: until, cursor });
      return outcomeOf(api.GET('/api/v1/admin/audit', { params: { query: { limit: 25, ...asked } } }));
    },
    [parkId, from, to, action, about],
  );
  return (
    <PagedTable caption={sections.audit} of={list} keyOf={({ id }) => id} empty={words.empty} columns={columns()} />
  );
}

function columns(): readonly Column<Entry>[] {
  const { audit: words } = texts();
  return [
    { title: words.when, cell: ({ at }) => shownInstant(at) },
    { title: words.action, cell: ({ action }) => <strong>{action}</strong> },
    { title: words.who, cell: ({ actor }) => <code>{actor}</code> },
    { title: words.park, cell: ({ park_id: id }) => (id === null ? '–' : nameOfPark(id)) },
    {
      title: words.details,
      cell: ({ aggregate_type: type, aggregate_id: id, details }) => (
        <details>
          <summary>
            {type} {words.more}
          </summary>
          <p>
            <code>{id}</code>
          </p>
          <pre>{JSON.stringify(details, null, 2)}</pre>
        </details>
      ),
    },
  ];
}
