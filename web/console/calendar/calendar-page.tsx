import { useSignal } from '@preact/signals';
import { ChevronLeft, ChevronRight } from 'lucide';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { shownMonth, today } from '../../shared/format/day.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { may, MANAGERS, OFFICE } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { DayDialog } from './day-dialog.tsx';
import { MonthGrid } from './month-grid.tsx';
import { firstOfMonth, monthOf, plusMonths } from './month.ts';
import type { CalendarDay } from './rule.ts';

function Month({ parkId, first }: { readonly parkId: string; readonly first: string }) {
  const { days, before } = monthOf(first);
  const query = { from: days[0] ?? first, to: days.at(-1) ?? first };
  const loaded = useLoad(
    () => outcomeOf(api.GET('/api/v1/parks/{id}/calendar', { params: { path: { id: parkId }, query } })),
    [],
  );
  const opened = useSignal<CalendarDay | null>(null);
  return (
    <Loaded of={loaded} skeletons={3}>
      {({ items }) => (
        <>
          <MonthGrid days={items} before={before} onOpen={(day) => (opened.value = day)} />
          {opened.value !== null && (
            <DayDialog
              parkId={parkId}
              day={opened.value}
              isEditor={may(MANAGERS, parkId)}
              onChanged={loaded.reload}
              onClose={() => (opened.value = null)}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function ParkCalendar({ parkId }: { readonly parkId: string }) {
  const { calendar: words } = texts();
  const first = useSignal(firstOfMonth(today()));
  const step = (months: number): void => void (first.value = plusMonths(first.value, months));
  return (
    <>
      <div class="row month-choice">
        <button type="button" class="secondary" aria-label={words.previousMonth} onClick={() => step(-1)}>
          <Icon of={ChevronLeft} />
        </button>
        <h2 aria-live="polite">{shownMonth(first.value)}</h2>
        <button type="button" class="secondary" aria-label={words.nextMonth} onClick={() => step(1)}>
          <Icon of={ChevronRight} />
        </button>
      </div>
      <Month key={`${parkId} ${first.value}`} parkId={parkId} first={first.value} />
    </>
  );
}

/** What holds at a park day by day, and where it is changed. */
export const CalendarPage = () => (
  <Page title={texts().sections.calendar}>
    <p class="muted">{texts().calendar.lead}</p>
    <NeedsPark roles={OFFICE}>{(parkId) => <ParkCalendar parkId={parkId} />}</NeedsPark>
  </Page>
);
