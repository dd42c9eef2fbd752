import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Form } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { texts } from '../texts/texts.ts';
import { TextArea } from '../ui/text-area.tsx';
import type { Incident } from './incident-list.tsx';

const RESOLUTIONS = ['gate_mistake', 'shared_code', 'wrong_clock', 'other'] as const;

type Props = {
  readonly incident: Incident;
  readonly onResolved: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

/** Says what an incident turned out to be. It is said once. */
export function ResolveDialog({ incident: { id, place, scan_ids: scans, winner }, onResolved, ...props }: Props) {
  const { incidents: words } = texts();
  const onClose = useClosing(props.onClose);
  const resolve = async (fields: FormData): Promise<Problem | null> => {
    const resolution = RESOLUTIONS.find((one) => one === fields.get('resolution')) ?? 'other';
    const body = { resolution, note: typed(fields, 'note') };
    const answer = await outcomeOf(
      api.POST('/api/v1/admin/incidents/{id}/resolve', { params: { path: { id } }, body }),
    );
    if (!answer.ok) return answer.problem;
    say(words.resolved);
    onClose();
    await onResolved();
    return null;
  };
  return (
    <Dialog title={words.resolveTitle} onClose={onClose}>
      <p>{words.admittedTimes(place, scans.length)}</p>
      <p class="muted">{words.firstAt(winner.gate, shownInstant(winner.scanned_at))}</p>
      <Form submit={words.resolve} onSubmit={resolve}>
        <fieldset>
          <legend>{words.whatWasIt}</legend>
          {RESOLUTIONS.map((one, index) => (
            <label key={one}>
              <input type="radio" name="resolution" value={one} required defaultChecked={index === 0} />
              {words.resolutions[one]}
            </label>
          ))}
        </fieldset>
        <TextArea label={words.note} name="note" hint={words.noteHint} required maxLength={500} />
        <p class="muted">{words.resolveLead}</p>
      </Form>
    </Dialog>
  );
}
