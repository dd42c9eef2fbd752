import { money } from '../../shared/format/money.ts';
import { texts } from '../texts/texts.ts';
import type { CalendarDay } from './rule.ts';

/** What holds on a day, and where each part comes from. */
export function DayFacts({ day }: { readonly day: CalendarDay }) {
  const { calendar: words } = texts();
  const rows = [
    {
      name: words.hours,
      value: day.open ? `${day.open_time ?? ''}–${day.close_time ?? ''}` : words.closed,
      from: day.from.hours,
    },
    { name: words.priceUnder3, value: money(day.price_under_3), from: day.from.price_under_3 },
    { name: words.priceOver3, value: money(day.price_over_3), from: day.from.price_over_3 },
    { name: words.priceAdult, value: money(day.price_adult), from: day.from.price_adult },
    { name: words.capacity, value: words.left(day.remaining, day.capacity), from: day.from.capacity },
  ];
  return (
    <>
      {day.holiday !== null && (
        <p>
          <span class="badge">{day.holiday}</span>
          {day.holiday_certainty === 'estimated' && <span class="muted"> {words.estimated}</span>}
        </p>
      )}
      {!day.open && day.reason !== null && <p>{day.reason}</p>}
      <dl class="facts">
        {rows.map(({ name, value, from }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value} <small class="muted">{words.from[from]}</small>
            </dd>
          </div>
        ))}
      </dl>
      {day.deficit > 0 && <p class="notice bad">{words.deficitLead(day.deficit)}</p>}
    </>
  );
}
