import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Form } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { given } from '../api/given.ts';
import { texts } from '../texts/texts.ts';
import { TextArea } from '../ui/text-area.tsx';
import type { Difference } from './difference-list.tsx';

const RESOLUTIONS = [
  'provider_corrects',
  'booked_by_hand',
  'timing',
  'fee_accepted',
  'written_off',
  'no_fault',
] as const;

type Props = {
  readonly difference: Difference;
  readonly onDone: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

/** Says what a difference comes to. It is said once. */
export function ResolveDialog({ difference: { id, verdict, reference }, onDone, ...props }: Props) {
  const { reconciliation: words } = texts();
  const onClose = useClosing(props.onClose);
  const resolve = async (fields: FormData): Promise<Problem | null> => {
    const resolution = RESOLUTIONS.find((one) => one === typed(fields, 'resolution')) ?? 'no_fault';
    const body = { resolution, ...given({ note: typed(fields, 'note') }) };
    const answer = await outcomeOf(
      api.POST('/api/v1/admin/reconciliation/{id}/resolve', { params: { path: { id } }, body }),
    );
    if (!answer.ok) return answer.problem;
    say(words.resolved);
    onClose();
    await onDone();
    return null;
  };
  return (
    <Dialog title={words.verdicts[verdict]} onClose={onClose}>
      <p>
        <code>{reference}</code>
      </p>
      <Form submit={words.resolve} onSubmit={resolve}>
        <fieldset>
          <legend>{words.whatIsIt}</legend>
          {RESOLUTIONS.map((one, index) => (
            <label key={one}>
              <input type="radio" name="resolution" value={one} required defaultChecked={index === 0} />
              {words.resolutions[one]}
            </label>
          ))}
        </fieldset>
        <TextArea label={words.note} name="note" maxLength={500} />
        <p class="muted">{words.resolveLead}</p>
      </Form>
    </Dialog>
  );
}
