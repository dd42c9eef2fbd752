import { useSignal } from '@preact/signals';
import { ChevronLeft, ChevronRight } from 'lucide';
import { useRef } from 'preact/hooks';
import { plusDays, shortWeekdays, shownDay, shownMonth, shownTime, today } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import type { Day } from '../parks/parks.ts';
import { texts } from '../texts/texts.ts';
import { cellsOf, monthsOf } from './month.ts';

type Props = {
  readonly days: readonly Day[];
  readonly chosen: string | null;
  readonly onChoose: (date: string) => unknown;
};

/** Fewer places than this are worth saying. */
const FEW = 30;

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** Today is over once the park has closed. */
const isOver = ({ date, close_time: close }: Day): boolean =>
  date === today() && close !== null && shownTime(new Date().toISOString()) >= close;

function stateOf(day: Day): 'closed' | 'full' | 'few' | 'free' {
  if (!day.open || isOver(day)) return 'closed';
  if (day.remaining === 0) return 'full';
  return day.remaining < FEW ? 'few' : 'free';
}

/** What a day offers, in words. */
export function dayInWords(day: Day): string {
  const words = texts().calendar;
  const state = stateOf(day);
  if (state === 'closed') return day.reason ?? words.closed;
  if (state === 'full') return words.full;
  return state === 'few' ? words.few(day.remaining) : words.free;
}

function DayButton({ day, chosen, onChoose }: { readonly day: Day } & Omit<Props, 'days'>) {
  const state = stateOf(day);
  const price = day.price_over_3.replace(/\.\d+$/, '');
  return (
    <button
      type="button"
      class={`day ${state}`}
      data-date={day.date}
      disabled={state === 'closed'}
      aria-pressed={day.date === chosen}
      onClick={() => onChoose(day.date)}
    >
      <span class="visually-hidden">
        {`${shownDay(day.date)}. ${dayInWords(day)}${state === 'closed' ? '' : `. ${money(day.price_over_3)}`}`}
      </span>
      <span class="date" aria-hidden="true">
        {Number(day.date.slice(8))}
      </span>
      <span class="price" aria-hidden="true">
        {state === 'closed' ? '–' : state === 'full' ? texts().calendar.fullShort : price}
      </span>
    </button>
  );
}

/** The days of a park, a month at a time, each with its price and whether there is room. Arrow keys go from day to day. */
export function Calendar({ days, chosen, onChoose }: Props) {
  const grid = useRef<HTMLElement>(null);
  const months = monthsOf(days[0]?.date ?? '', days.at(-1)?.date ?? '');
  const shown = useSignal(Math.max(0, months.indexOf(`${chosen?.slice(0, 7)}-01`)));
  const first = months[shown.value] ?? months[0] ?? '';
  const byDate = new Map(days.map((day) => [day.date, day]));
  const go = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    const from = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-date]') : null;
    if (step === undefined || from === null) return;
    event.preventDefault();
    grid.current?.querySelector<HTMLElement>(`[data-date="${plusDays(from.dataset['date'] ?? '', step)}"]`)?.focus();
  };
  return (
    <div class="calendar">
      <div class="row spread">
        <button
          type="button"
          class="round"
          aria-label={texts().calendar.earlier}
          disabled={shown.value === 0}
          onClick={() => (shown.value -= 1)}
        >
          <Icon of={ChevronLeft} />
        </button>
        <h3 aria-live="polite">{shownMonth(first)}</h3>
        <button
          type="button"
          class="round"
          aria-label={texts().calendar.later}
          disabled={shown.value >= months.length - 1}
          onClick={() => (shown.value += 1)}
        >
          <Icon of={ChevronRight} />
        </button>
      </div>
      <div class="week" aria-hidden="true">
        {shortWeekdays().map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <section class="month" aria-label={shownMonth(first)} ref={grid} onKeyDown={go}>
        {cellsOf(first, days[0]?.date ?? first).map((date, index) => {
          const day = date === null ? undefined : byDate.get(date);
          if (day !== undefined) return <DayButton key={date} day={day} chosen={chosen} onChoose={onChoose} />;
          return (
            <span key={date ?? `before-${index}`} class="day past" aria-hidden="true">
              {date === null ? '' : Number(date.slice(8))}
            </span>
          );
        })}
      </section>
    </div>
  );
}
