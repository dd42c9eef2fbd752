import { useSignal } from '@preact/signals';
import { Plus } from 'lucide';
import { api } from '../../shared/api/client.ts';
import { taggedOutcomeOf, type Problem, type Tagged } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { shownMonth, shownDay } from '../../shared/format/day.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../shared/i18n/language-list.ts';
import { language } from '../../shared/i18n/language.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { ADMINS, may } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { DataTable, type Column } from '../ui/data-table.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { CERTAINTIES, withHoliday, without, type Holiday, type HolidayList } from './holiday-list.ts';

type Asking = { readonly kind: 'add' } | { readonly kind: 'edit' | 'remove'; readonly holiday: Holiday };

/** The public holidays of the whole chain, by which prices and hours go. */
export function Holidays() {
  const { holidays: words } = texts();
  const read = useLoad(() => taggedOutcomeOf(api.GET('/api/v1/admin/holidays')), []);
  const asking = useSignal<Asking | null>(null);
  const close = (): void => void (asking.value = null);
  const isEditor = may(ADMINS, null);
  return (
    <Loaded of={read}>
      {(list) => (
        <div class="stack">
          <p class="muted">{isEditor ? words.lead : words.leadOfReader}</p>
          {isEditor && (
            <div class="row">
              <button type="button" onClick={() => (asking.value = { kind: 'add' })}>
                <Icon of={Plus} /> {words.add}
              </button>
            </div>
          )}
          <DataTable
            caption={words.title}
            rows={list.value.items}
            keyOf={({ date }) => date}
            columns={columnsOf(isEditor, (ask) => (asking.value = ask))}
          />
          {asking.value !== null && asking.value.kind !== 'remove' && (
            <HolidayDialog
              list={list}
              before={asking.value.kind === 'edit' ? asking.value.holiday : null}
              onSaved={read.reload}
              onClose={close}
            />
          )}
          {asking.value?.kind === 'remove' && (
            <RemoveDialog list={list} holiday={asking.value.holiday} onSaved={read.reload} onClose={close} />
          )}
        </div>
      )}
    </Loaded>
  );
}

function columnsOf(isEditor: boolean, onAsk: (ask: Asking) => unknown): readonly Column<Holiday>[] {
  const { holidays: words } = texts();
  const columns: readonly Column<Holiday>[] = [
    {
      title: words.day,
      cell: ({ date }) => <span title={shownMonth(date)}>{`${shownDay(date)} ${date.slice(0, 4)}`}</span>,
    },
    { title: words.name, cell: ({ names }) => <strong>{names[language.value]}</strong> },
    {
      title: words.certainty,
      cell: ({ certainty }) => (
        <span class={`badge ${certainty === 'estimated' ? 'warn' : 'good'}`}>{words.certainties[certainty]}</span>
      ),
    },
    { title: words.source, cell: ({ source }) => source },
  ];
  if (!isEditor) return columns;
  return [
    ...columns,
    {
      title: words.todo,
      cell: (holiday) => (
        <div class="row">
          <button type="button" class="secondary" onClick={() => void onAsk({ kind: 'edit', holiday })}>
            {words.edit}
          </button>
          <button type="button" class="outline danger" onClick={() => void onAsk({ kind: 'remove', holiday })}>
            {words.remove}
          </button>
        </div>
      ),
    },
  ];
}

/** Replaces the list; a list that somebody changed meanwhile is shown anew, and nothing of it is lost. */
async function put(
  { etag }: Tagged<HolidayList>,
  items: readonly Holiday[],
  onSaved: () => Promise<unknown>,
): Promise<Problem | null> {
  const params = { header: { 'If-Match': etag } };
  const saved = await taggedOutcomeOf(api.PUT('/api/v1/admin/holidays', { params, body: { items: [...items] } }));
  if (saved.ok || saved.problem.code === 'precondition_failed') await onSaved();
  if (!saved.ok) return saved.problem;
  say(texts().holidays.saved);
  return null;
}

type DialogProps = {
  readonly list: Tagged<HolidayList>;
  readonly onSaved: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

function RemoveDialog({ list, holiday, onSaved, onClose }: DialogProps & { readonly holiday: Holiday }) {
  const { holidays: words } = texts();
  return (
    <ConfirmDialog
      title={words.removeTitle(holiday.names[language.value])}
      submit={words.remove}
      isDanger
      onClose={onClose}
      onConfirm={() => put(list, without(list.value.items, holiday.date), onSaved)}
    >
      <p>{words.removeLead}</p>
    </ConfirmDialog>
  );
}

function HolidayDialog({ list, before, onSaved, ...props }: DialogProps & { readonly before: Holiday | null }) {
  const { holidays: words } = texts();
  const onClose = useClosing(props.onClose);
  const save = async (fields: FormData): Promise<Problem | null> => {
    const holiday: Holiday = {
      date: typed(fields, 'date'),
      names: { ru: typed(fields, 'name.ru'), ky: typed(fields, 'name.ky'), en: typed(fields, 'name.en') },
      certainty: CERTAINTIES.find((one) => one === typed(fields, 'certainty')) ?? 'announced',
      source: typed(fields, 'source'),
    };
    const problem = await put(list, withHoliday(list.value.items, holiday, before?.date ?? null), onSaved);
    if (problem === null) onClose();
    return problem;
  };
  return (
    <Dialog title={before === null ? words.add : words.edit} onClose={onClose}>
      <Form submit={words.save} onSubmit={save}>
        <Field label={words.day} name="date" type="date" required defaultValue={before?.date ?? ''} />
        {LANGUAGES.map((one) => (
          <Field
            key={one}
            label={`${words.name} (${LANGUAGE_NAMES[one]})`}
            name={`name.${one}`}
            required
            maxLength={200}
            defaultValue={before?.names[one] ?? ''}
          />
        ))}
        <SelectField
          label={words.certainty}
          name="certainty"
          value={before?.certainty ?? 'announced'}
          options={CERTAINTIES.map((value) => ({ value, label: words.certainties[value] }))}
        />
        <Field
          label={words.source}
          name="source"
          required
          maxLength={300}
          hint={words.sourceHint}
          defaultValue={before?.source ?? ''}
        />
      </Form>
    </Dialog>
  );
}
