import { useSignal } from '@preact/signals';
import { Field } from '../../shared/ui/form.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { parkInView } from '../session/parks.ts';
import { may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { AuditList, type Search } from './audit-list.tsx';

/** Who did what, and when. */
export function AuditPage() {
  const { audit: words, sections } = texts();
  const search = useSignal<Search>({ from: '', to: '', action: '', about: '', turn: 0 });
  const here = parkInView.value;
  const list = (parkId: string | null) => <AuditList parkId={parkId} search={search.value} />;
  const actions = Object.entries(words.actions).toSorted(([, one], [, other]) => one.localeCompare(other));
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
              turn: search.value.turn + 1,
            };
          }}
        >
          <div class="filters">
            <Field label={words.from} name="from" type="date" />
            <Field label={words.to} name="to" type="date" />
            <SelectField
              label={words.action}
              name="action"
              options={[{ value: '', label: words.anyAction }, ...actions.map(([value, label]) => ({ value, label }))]}
            />
            <Field label={words.about} name="about" maxLength={36} hint={words.aboutHint} />
          </div>
          <button type="submit">{words.search}</button>
        </form>
      </search>
      {may(MANAGERS, here) ? list(here) : <NeedsPark roles={MANAGERS}>{list}</NeedsPark>}
    </Page>
  );
}
