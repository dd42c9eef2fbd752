import { useSignal } from '@preact/signals';
import { plusDays, today } from '../../shared/format/day.ts';
import { Field } from '../../shared/ui/form.tsx';
import { parks } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { SelectField } from '../ui/select-field.tsx';
import type { PromoCode } from './promo-terms.ts';

const A_MONTH = 30;

/** What a code grants, when, where and how often. */
export function PromoFields({ code }: { readonly code?: PromoCode }) {
  const { promo: words } = texts();
  const kind = useSignal<'percent' | 'sum'>((code?.sum ?? null) === null ? 'percent' : 'sum');
  return (
    <>
      <div class="pair">
        <SelectField<'percent' | 'sum'>
          label={words.kind}
          name="kind"
          value={kind.value}
          options={[
            { value: 'percent', label: words.percent },
            { value: 'sum', label: words.sum },
          ]}
          onChange={(value) => (kind.value = value)}
        />
        <Field
          label={kind.value === 'percent' ? words.percent : words.sum}
          name="off"
          inputMode="decimal"
          required
          maxLength={20}
          defaultValue={code?.sum ?? code?.percent?.toString() ?? ''}
        />
      </div>
      <div class="pair">
        <Field label={words.from} name="from" type="date" required defaultValue={code?.valid_from ?? today()} />
        <Field
          label={words.until}
          name="until"
          type="date"
          required
          defaultValue={code?.valid_until ?? plusDays(today(), A_MONTH)}
        />
      </div>
      <SelectField<'visit' | 'purchase'>
        label={words.dates}
        name="dates"
        value={code?.dates_of ?? 'visit'}
        options={(['visit', 'purchase'] as const).map((value) => ({ value, label: words.datesOf[value] }))}
      />
      <fieldset>
        <legend>{words.parksLegend}</legend>
        {parks.value.map(({ id, name }) => (
          <label key={id}>
            <input type="checkbox" name="park" value={id} defaultChecked={code?.park_ids.includes(id) ?? false} />
            {name}
          </label>
        ))}
      </fieldset>
      <Limits code={code} />
      <label>
        <input type="checkbox" role="switch" name="active" defaultChecked={code?.active ?? true} />
        {words.isActive}
      </label>
    </>
  );
}

function Limits({ code }: { readonly code: PromoCode | undefined }) {
  const { promo: words } = texts();
  return (
    <>
      <Field
        label={words.minPrice}
        name="minPrice"
        inputMode="decimal"
        maxLength={20}
        defaultValue={code?.min_price ?? '0.00'}
      />
      <div class="pair">
        <Field
          label={words.total}
          name="total"
          type="number"
          min="1"
          max="1000000"
          required
          defaultValue={String(code?.total_limit ?? 1000)}
        />
        <Field
          label={words.perGuest}
          name="perGuest"
          type="number"
          min="1"
          max="1000"
          required
          defaultValue={String(code?.limit_per_guest ?? 1)}
        />
      </div>
    </>
  );
}
