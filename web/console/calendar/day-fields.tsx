import { useSignal } from '@preact/signals';
import { Field } from '../../shared/ui/form.tsx';
import { texts } from '../texts/texts.ts';
import { TextArea } from '../ui/text-area.tsx';
import { draftOf, type CalendarDay, type RuleDraft } from './rule.ts';

const STATES: readonly RuleDraft['state'][] = ['as_usual', 'open', 'closed'];

/** What a day has of its own. An empty field leaves what holds on such days. */
export function DayFields({ day }: { readonly day: CalendarDay }) {
  const { calendar: words } = texts();
  const draft = draftOf(day.rule);
  const state = useSignal(draft.state);
  return (
    <>
      <fieldset>
        <legend>{words.isOpen}</legend>
        <div class="row choices">
          {STATES.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="state"
                value={one}
                checked={state.value === one}
                onChange={() => (state.value = one)}
              />
              {words.states[one]}
            </label>
          ))}
        </div>
      </fieldset>
      <div hidden={state.value !== 'closed'}>
        <Reason {...draft.reason} />
      </div>
      <div hidden={state.value === 'closed'}>
        <OpenFields day={day} draft={draft} />
      </div>
      <TextArea label={words.note} name="note" hint={words.noteHint} defaultValue={draft.note} maxLength={1000} />
    </>
  );
}

function OpenFields({ day, draft }: { readonly day: CalendarDay; readonly draft: RuleDraft }) {
  const { calendar: words } = texts();
  const quota = useSignal(draft.dayQuota);
  const taken = day.capacity - day.remaining + day.deficit;
  const isTooLow = quota.value !== '' && Number(quota.value) < taken;
  return (
    <>
      <p class="muted">{words.emptyLeaves}</p>
      <div class="pair">
        <Field label={words.openTime} name="openTime" type="time" defaultValue={draft.openTime} />
        <Field label={words.closeTime} name="closeTime" type="time" defaultValue={draft.closeTime} />
      </div>
      <Field
        label={words.dayQuota}
        name="dayQuota"
        type="number"
        inputMode="numeric"
        min="0"
        max="100000"
        hint={words.dayQuotaHint(day.capacity)}
        defaultValue={draft.dayQuota}
        onInput={(value) => (quota.value = value)}
      />
      {isTooLow && <p class="notice warn">{words.quotaTooLow(taken)}</p>}
      <div class="pair">
        <Field
          label={words.priceUnder3}
          name="priceUnder3"
          inputMode="decimal"
          maxLength={20}
          defaultValue={draft.priceUnder3}
        />
        <Field
          label={words.priceOver3}
          name="priceOver3"
          inputMode="decimal"
          maxLength={20}
          defaultValue={draft.priceOver3}
        />
        <Field
          label={words.priceAdult}
          name="priceAdult"
          inputMode="decimal"
          maxLength={20}
          defaultValue={draft.priceAdult}
        />
      </div>
    </>
  );
}

function Reason({ ru, ky, en }: RuleDraft['reason']) {
  const { calendar: words } = texts();
  return (
    <>
      <p class="notice warn">{words.closingLead}</p>
      <Field label={words.reasonIn('Русский')} name="reason.ru" defaultValue={ru} maxLength={300} />
      <Field label={words.reasonIn('Кыргызча')} name="reason.ky" defaultValue={ky} maxLength={300} />
      <Field label={words.reasonIn('English')} name="reason.en" defaultValue={en} maxLength={300} />
    </>
  );
}
