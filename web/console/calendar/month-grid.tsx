import { PencilLine } from 'lucide';
import { shortWeekdays, shownDay, today, weekdayOf } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { texts } from '../texts/texts.ts';
import { Meter } from '../ui/meter.tsx';
import type { CalendarDay } from './rule.ts';

type Props = {
  readonly days: readonly CalendarDay[];
  /** How many places of the first week stay free before the first day. */
  readonly before: number;
  readonly onOpen: (day: CalendarDay) => unknown;
};

/** A month by weeks; on a phone a list of days. */
export function MonthGrid({ days, before, onOpen }: Props) {
  const weekdays = shortWeekdays();
  return (
    <div class="month">
      <div class="month-weekdays" aria-hidden="true">
        {weekdays.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ol class={`month-days plain-list ${days.some(({ date }) => date === today()) ? 'has-today' : ''}`}>
        {days.map((day, index) => (
          <li
            key={day.date}
            class={day.date < today() ? 'is-over' : undefined}
            style={index === 0 ? { gridColumnStart: before + 1 } : {}}
          >
            <DayCell day={day} weekday={weekdays[weekdayOf(day.date)] ?? ''} onOpen={onOpen} />
          </li>
        ))}
      </ol>
    </div>
  );
}

type CellProps = {
  readonly day: CalendarDay;
  readonly weekday: string;
  readonly onOpen: (day: CalendarDay) => unknown;
};

function DayCell({ day, weekday, onOpen }: CellProps) {
  const { calendar: words } = texts();
  const { date, open, remaining, capacity, holiday, rule, deficit } = day;
  const isPast = date < today();
  return (
    <button
      type="button"
      class={`day ${open ? '' : 'is-closed'} ${isPast ? 'is-past' : ''}`}
      aria-current={date === today() ? 'date' : undefined}
      onClick={() => onOpen(day)}
    >
      <span class="visually-hidden">{shownDay(date)}</span>
      <span class="row spread">
        <span class="day-number" aria-hidden="true">
          {Number(date.slice(8))} <small class="day-weekday">{weekday}</small>
        </span>
        {rule !== null && (
          <span class="own-rule" title={words.ownRule}>
            <Icon of={PencilLine} />
          </span>
        )}
      </span>
      {holiday !== null && <small class="badge">{holiday}</small>}
      {open ? (
        <>
          <small>
            {day.open_time}–{day.close_time}
          </small>
          <small>{money(day.price_over_3)}</small>
          {!isPast && (
            <>
              <small class="muted">{words.left(remaining, capacity)}</small>
              <Meter value={capacity - remaining} most={capacity} label={words.taken} />
            </>
          )}
          {deficit > 0 && <small class="badge bad">{words.deficit(deficit)}</small>}
        </>
      ) : (
        <small class="badge warn">{words.closed}</small>
      )}
    </button>
  );
}
