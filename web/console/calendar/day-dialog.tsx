import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Outcome, type Problem } from '../../shared/api/outcome.ts';
import { shownDay } from '../../shared/format/day.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Form } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { texts } from '../texts/texts.ts';
import { ChangedMeanwhile } from '../ui/changed-meanwhile.tsx';
import { DayClosing } from './day-closing.tsx';
import { DayFacts } from './day-facts.tsx';
import { DayFields } from './day-fields.tsx';
import { draftFrom, ruleOf, type CalendarDay, type DateRule } from './rule.ts';

type Change = { readonly parkId: string; readonly date: string; readonly etag: string; readonly rule: DateRule | null };

/** Gives a day its own rule, or takes it away. */
function change({ parkId, date, etag, rule }: Change): Promise<Outcome<CalendarDay>> {
  const params = { path: { id: parkId, date }, header: { 'If-Match': etag } };
  return outcomeOf(
    rule === null
      ? api.DELETE('/api/v1/parks/{id}/calendar/{date}', { params })
      : api.PUT('/api/v1/parks/{id}/calendar/{date}', { params, body: rule }),
  );
}

async function newestOf(parkId: string, date: string): Promise<CalendarDay | null> {
  const query = { from: date, to: date };
  const found = await outcomeOf(api.GET('/api/v1/parks/{id}/calendar', { params: { path: { id: parkId }, query } }));
  return found.ok ? (found.value.items[0] ?? null) : null;
}

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

  const undo = async (saved: CalendarDay): Promise<void> => {
    const back = await change({ parkId, date: day.date, etag: saved.etag, rule: base.rule });
    say(back.ok ? words.undone : words.notUndone, back.ok ? 'good' : 'bad');
    await onChanged();
  };

  const save = async (fields: FormData): Promise<Problem | null> => {
    const answer = await change({ parkId, date: day.date, etag: base.etag, rule: ruleOf(draftFrom(fields)) });
    if (!answer.ok && answer.problem.code === 'precondition_failed') {
      newer.value = await newestOf(parkId, day.date);
      if (newer.value !== null) return null;
    }
    if (!answer.ok) return answer.problem;
    say(words.saved(shownDay(day.date)), 'good', { label: words.undo, run: () => undo(answer.value) });
    onClose();
    await onChanged();
    return null;
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
          {newer.value !== null && <ChangedMeanwhile onTakeNewer={beginWithNewer} />}
        </Form>
      )}
    </Dialog>
  );
}
