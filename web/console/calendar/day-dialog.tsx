import { useSignal } from '@preact/signals';
import type { Problem } from '../../shared/api/outcome.ts';
import { plusDays, shownDay } from '../../shared/format/day.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { texts } from '../texts/texts.ts';
import { ChangedMeanwhile } from '../ui/changed-meanwhile.tsx';
import { changeDay, changeDays, daysNow, type Changed } from './change-days.ts';
import { DayClosing } from './day-closing.tsx';
import { DayFacts } from './day-facts.tsx';
import { DayFields } from './day-fields.tsx';
import { draftFrom, ruleOf, type CalendarDay, type DateRule } from './rule.ts';

/** As many days as the node tells of at once. */
const MOST_DAYS = 91;

type Props = {
  readonly parkId: string;
  readonly day: CalendarDay;
  readonly isEditor: boolean;
  readonly onChanged: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

/** A day: what holds on it and, for whoever manages the park, its own rule to edit. */
export function DayDialog({ parkId, day, isEditor, onChanged, onClose }: Props) {
  const { calendar: words } = texts();
  /** The version that the form began with. */
  const start = useSignal(day);
  /** The version that somebody else made meanwhile. */
  const newer = useSignal<CalendarDay | null>(null);
  const base = newer.value ?? start.value;

  const undo = async (done: Changed['done']): Promise<void> => {
    const before = new Map(done.map((one) => [one.before.date, one.before.rule]));
    const now = done.map(({ after }) => after);
    const { problem } = await changeDays(parkId, now, ({ date }) => before.get(date) ?? null);
    say(problem === null ? words.undone : words.notUndone, problem === null ? 'good' : 'bad');
    await onChanged();
  };

  const saveOne = async (rule: DateRule | null): Promise<Problem | null> => {
    const answer = await changeDay({ parkId, date: day.date, etag: base.etag, rule });
    if (!answer.ok && answer.problem.code === 'precondition_failed') {
      const newest = await daysNow(parkId, day.date, day.date);
      newer.value = newest.ok ? (newest.value[0] ?? null) : null;
      if (newer.value !== null) return null;
    }
    if (!answer.ok) return answer.problem;
    const done = [{ before: base, after: answer.value }];
    say(words.saved(shownDay(day.date)), 'good', { label: words.undo, run: () => undo(done) });
    onClose();
    return null;
  };

  const saveUntil = async (rule: DateRule | null, until: string): Promise<Problem | null> => {
    const days = await daysNow(parkId, day.date, until);
    if (!days.ok) return days.problem;
    const { done, problem } = await changeDays(parkId, days.value, () => rule);
    if (problem !== null && done.length === 0) return problem;
    const told = problem === null ? words.savedDays(done.length) : words.stoppedAt(done.length);
    say(told, problem === null ? 'good' : 'warn', { label: words.undo, run: () => undo(done) });
    onClose();
    return null;
  };

  const save = async (fields: FormData): Promise<Problem | null> => {
    const rule = ruleOf(draftFrom(fields));
    const until = typed(fields, 'until');
    const problem = until > day.date ? await saveUntil(rule, until) : await saveOne(rule);
    if (problem === null) await onChanged();
    return problem;
  };

  const beginWithNewer = (): void => {
    start.value = base;
    newer.value = null;
  };

  return (
    <Dialog title={shownDay(day.date)} onClose={onClose}>
      <DayFacts day={base} />
      {isEditor && base.rule?.closed === true && (
        <DayClosing parkId={parkId} date={day.date} shownDate={shownDay(day.date)} />
      )}
      {isEditor && (
        <Form submit={words.save} onSubmit={save}>
          <DayFields key={start.value.etag} day={start.value} />
          <Field
            label={words.until}
            name="until"
            type="date"
            hint={words.untilHint}
            min={day.date}
            max={plusDays(day.date, MOST_DAYS - 1)}
          />
          {newer.value !== null && <ChangedMeanwhile onTakeNewer={beginWithNewer} />}
        </Form>
      )}
    </Dialog>
  );
}
