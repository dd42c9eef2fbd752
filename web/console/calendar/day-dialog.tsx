import { plusDays, shownDay, today } from '../../shared/format/day.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { texts } from '../texts/texts.ts';
import { ChangedMeanwhile } from '../ui/changed-meanwhile.tsx';
import { DayClosing } from './day-closing.tsx';
import { DayFacts } from './day-facts.tsx';
import { DayFields } from './day-fields.tsx';
import type { CalendarDay } from './rule.ts';
import { useDayEditing } from './use-day-editing.ts';

/** As many days as the node tells of at once. */
const MOST_DAYS = 91;

type Props = {
  readonly parkId: string;
  readonly day: CalendarDay;
  readonly isEditor: boolean;
  readonly onChanged: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

/** A day: what holds on it and, for whoever manages the park, its own rule to edit until the day is over. */
export function DayDialog({ parkId, day, isEditor, onChanged, ...props }: Props) {
  const { calendar: words } = texts();
  const onClose = useClosing(props.onClose);
  const { start, base, isBehind, save, takeNewer } = useDayEditing({ parkId, day, onChanged, onClose });
  return (
    <Dialog title={shownDay(day.date)} onClose={onClose}>
      <DayFacts day={base} />
      {isEditor && base.rule?.closed === true && (
        <DayClosing parkId={parkId} date={day.date} shownDate={shownDay(day.date)} />
      )}
      {isEditor && day.date >= today() && (
        <Form submit={words.save} onSubmit={save}>
          <DayFields key={start.etag} day={start} />
          <Field
            label={words.until}
            name="until"
            type="date"
            hint={words.untilHint}
            min={day.date}
            max={plusDays(day.date, MOST_DAYS - 1)}
          />
          {isBehind && <ChangedMeanwhile onTakeNewer={takeNewer} />}
        </Form>
      )}
    </Dialog>
  );
}
