import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf, type Problem, type Tagged } from '../../shared/api/outcome.ts';
import { plusDays, today } from '../../shared/format/day.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { texts } from '../texts/texts.ts';
import { fieldOf, inOurWords } from '../ui/fields.ts';
import type { Child } from './children.ts';

type Props = {
  /** The child to change, as it was seen; a new one when absent. */
  readonly seen?: Tagged<Child>;
  readonly onClose: () => unknown;
  readonly onSaved: (child: Child) => unknown;
};

/** Eighteen years less a day, and leap days. */
const CHILDHOOD_DAYS = 6_573;

/** Asks for a child's name and day of birth. */
export function ChildDialog({ seen, onClose, onSaved }: Props) {
  const once = intentOf('addChild');
  const close = useClosing(onClose);
  const child = seen?.value;
  const save = async (fields: FormData): Promise<Problem | null> => {
    const body = { name: fieldOf(fields, 'name'), birth_date: fieldOf(fields, 'birth_date') };
    const saved =
      seen === undefined
        ? await once(JSON.stringify(body), (header) =>
            outcomeOf(api.POST('/api/v1/users/me/children', { params: { header }, body })),
          )
        : await outcomeOf(
            api.PATCH('/api/v1/users/me/children/{id}', {
              params: { path: { id: seen.value.id }, header: { 'If-Match': seen.etag } },
              body,
            }),
          );
    if (!saved.ok) return inOurWords(saved.problem);
    await onSaved(saved.value);
    close();
    return null;
  };
  const words = texts().children;
  return (
    <Dialog title={child === undefined ? words.add : words.change} onClose={close}>
      <Form submit={words.save} onSubmit={save}>
        <Field
          label={words.name}
          name="name"
          hint={words.nameHint}
          defaultValue={child?.name ?? ''}
          required
          maxLength={100}
        />
        <Field
          label={words.born}
          name="birth_date"
          type="date"
          hint={words.bornHint}
          defaultValue={child?.birth_date ?? ''}
          required
          min={plusDays(today(), -CHILDHOOD_DAYS)}
          max={today()}
        />
      </Form>
    </Dialog>
  );
}
