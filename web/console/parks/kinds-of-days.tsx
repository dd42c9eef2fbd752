import { shortWeekdays } from '../../shared/format/day.ts';
import { Field } from '../../shared/ui/form.tsx';
import type { Park } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { HOLIDAYS, WEEKDAYS, type DayRule } from './park-edit.ts';

/** What days of the week and public holidays have of their own. */
export function KindsOfDays({ park }: { readonly park: Park }) {
  const { parks: words } = texts();
  const names = shortWeekdays();
  const kinds = [
    ...WEEKDAYS.map((weekday) => ({
      key: String(weekday),
      name: names[weekday - 1] ?? '',
      rule: park.weekday_prices.find((one) => one.weekday === weekday) ?? null,
    })),
    { key: HOLIDAYS, name: words.holidays, rule: park.holiday_prices },
  ];
  return (
    <>
      <h2>{words.ownDays}</h2>
      <p class="muted">{words.ownDaysLead}</p>
      {kinds.map(({ key, name, rule }) => (
        <details key={key}>
          <summary>
            {name} {rule !== null && <span class="badge">{words.hasOwn}</span>}
          </summary>
          <KindFields kind={key} rule={rule} />
        </details>
      ))}
    </>
  );
}

function KindFields({ kind, rule }: { readonly kind: string; readonly rule: DayRule | null }) {
  const { calendar: words } = texts();
  const sum = { inputMode: 'decimal', maxLength: 20 } as const;
  return (
    <>
      <label>
        <input type="checkbox" name={`${kind}.closed`} defaultChecked={rule?.closed === true} />
        {words.closed}
      </label>
      <div class="pair">
        <Field label={words.openTime} name={`${kind}.openTime`} type="time" defaultValue={rule?.open_time ?? ''} />
        <Field label={words.closeTime} name={`${kind}.closeTime`} type="time" defaultValue={rule?.close_time ?? ''} />
        <Field
          label={words.priceUnder3}
          name={`${kind}.priceUnder3`}
          {...sum}
          defaultValue={rule?.price_under_3 ?? ''}
        />
        <Field label={words.priceOver3} name={`${kind}.priceOver3`} {...sum} defaultValue={rule?.price_over_3 ?? ''} />
        <Field label={words.priceAdult} name={`${kind}.priceAdult`} {...sum} defaultValue={rule?.price_adult ?? ''} />
      </div>
    </>
  );
}
