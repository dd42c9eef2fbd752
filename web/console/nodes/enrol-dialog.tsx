import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { given } from '../api/given.ts';
import { parks } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { SelectField } from '../ui/select-field.tsx';
import { OneTimeCode, type Code } from './one-time-code.tsx';

/** Makes the code by which a machine becomes the node of a park. It is shown here once. */
export function EnrolDialog({
  onDone,
  onClose,
}: {
  readonly onDone: () => Promise<unknown>;
  readonly onClose: () => unknown;
}) {
  const { nodes: words } = texts();
  const code = useSignal<Code | null>(null);
  const enrol = async (fields: FormData): Promise<Problem | null> => {
    const body = {
      name: typed(fields, 'name'),
      park_id: typed(fields, 'park'),
      ...given({ home_from: typed(fields, 'from') }),
    };
    const answer = await outcomeOf(api.POST('/api/v1/admin/nodes', { body }));
    if (!answer.ok) return answer.problem;
    code.value = answer.value;
    await onDone();
    return null;
  };
  return (
    <Dialog title={words.enrol} onClose={onClose}>
      {code.value === null ? (
        <Form submit={words.makeCode} onSubmit={enrol}>
          <SelectField
            label={words.park}
            name="park"
            options={parks.value.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Field label={words.name} name="name" hint={words.nameHint} required maxLength={50} />
          <Field label={words.homeFrom} name="from" type="date" hint={words.homeFromHint} />
        </Form>
      ) : (
        <OneTimeCode code={code.value} lead={words.nodeCodeLead} />
      )}
    </Dialog>
  );
}
