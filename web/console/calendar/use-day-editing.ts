import { useSignal } from '@preact/signals';
import type { Problem } from '../../shared/api/outcome.ts';
import { problemInWords } from '../../shared/api/problem-words.ts';
import { shownDay } from '../../shared/format/day.ts';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { texts } from '../texts/texts.ts';
import { sayProblem } from '../ui/say-problem.ts';
import { changeDay, changeDays, daysNow, type Changed } from './change-days.ts';
import { draftFrom, ruleOf, type CalendarDay, type DateRule } from './rule.ts';

type Editing = {
  readonly parkId: string;
  readonly day: CalendarDay;
  readonly onChanged: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

/** Why days after those that are saved were not changed. */
const whyStopped = (problem: Problem): string =>
  problem.code === 'precondition_failed' ? texts().calendar.changesNow : problemInWords(problem).title;

async function undo(done: Changed['done'], { parkId, onChanged }: Editing): Promise<void> {
  const { calendar: words } = texts();
  const before = new Map(done.map((one) => [one.before.date, one.before.rule]));
  const now = done.map(({ after }) => after);
  const { problem } = await changeDays(parkId, now, ({ date }) => before.get(date) ?? null);
  if (problem === null) say(words.undone);
  else if (problem.code === 'precondition_failed') say(words.notUndone, 'bad');
  else sayProblem(problem);
  await onChanged();
}

/** Saves what is typed for a day, and for those after it; what somebody else saved meanwhile is shown before it is overwritten. */
export function useDayEditing(editing: Editing) {
  const { parkId, day, onChanged, onClose } = editing;
  /** The version that the form began with. */
  const start = useSignal(day);
  /** The version that somebody else made meanwhile. */
  const newer = useSignal<CalendarDay | null>(null);
  const base = newer.value ?? start.value;

  const end = (told: string, look: 'good' | 'warn', done: Changed['done']): null => {
    say(told, look, { label: texts().calendar.undo, run: () => undo(done, editing) });
    onClose();
    return null;
  };

  const saveOne = async (rule: DateRule | null): Promise<Problem | null> => {
    const answer = await changeDay({ parkId, date: day.date, etag: base.etag, rule });
    if (!answer.ok && answer.problem.code === 'precondition_failed') {
      const newest = await daysNow(parkId, day.date, day.date);
      newer.value = newest.ok ? (newest.value[0] ?? null) : null;
      if (newer.value !== null) return null;
    }
    if (!answer.ok) return answer.problem;
    return end(texts().calendar.saved(shownDay(day.date)), 'good', [{ before: base, after: answer.value }]);
  };

  const saveUntil = async (rule: DateRule | null, until: string): Promise<Problem | null> => {
    const days = await daysNow(parkId, day.date, until);
    if (!days.ok) return days.problem;
    const [first] = days.value;
    if (first !== undefined && first.etag !== base.etag) {
      newer.value = first;
      return null;
    }
    const { done, problem } = await changeDays(parkId, days.value, () => rule);
    if (problem === null) return end(texts().calendar.savedDays(done.length), 'good', done);
    return done.length === 0
      ? problem
      : end(texts().calendar.stoppedAt(done.length, whyStopped(problem)), 'warn', done);
  };

  const save = async (fields: FormData): Promise<Problem | null> => {
    const rule = ruleOf(draftFrom(fields));
    const until = typed(fields, 'until');
    const problem = until > day.date ? await saveUntil(rule, until) : await saveOne(rule);
    if (problem === null) await onChanged();
    return problem;
  };

  const takeNewer = (): void => {
    start.value = base;
    newer.value = null;
  };

  return { start: start.value, base, isBehind: newer.value !== null, save, takeNewer };
}
