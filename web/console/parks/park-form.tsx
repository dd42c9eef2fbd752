import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { type Problem, type Tagged, taggedOutcomeOf } from '../../shared/api/outcome.ts';
import { Form } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { loadParks, type Park } from '../session/parks.ts';
import { texts } from '../texts/texts.ts';
import { ChangedMeanwhile } from '../ui/changed-meanwhile.tsx';
import { KindsOfDays } from './kinds-of-days.tsx';
import { editFrom } from './park-edit.ts';
import { ParkFields } from './park-fields.tsx';

type Props = { readonly found: Tagged<Park>; readonly onNewest: () => Promise<unknown> };

/** The settings of a park, to change. */
export function ParkForm({ found, onNewest }: Props) {
  const { parks: words } = texts();
  /** The version that the form began with; a newer one is `found`. */
  const start = useSignal(found);
  const isSaving = useSignal(false);
  const save = async (fields: FormData): Promise<Problem | null> => {
    const params = { path: { id: found.value.id }, header: { 'If-Match': found.etag } };
    isSaving.value = true;
    const answer = await taggedOutcomeOf(api.PATCH('/api/v1/parks/{id}', { params, body: editFrom(fields) }));
    if (answer.ok) start.value = answer.value;
    if (answer.ok || answer.problem.code === 'precondition_failed') await onNewest();
    isSaving.value = false;
    if (!answer.ok) return answer.problem.code === 'precondition_failed' ? null : answer.problem;
    say(words.saved);
    await loadParks();
    return null;
  };
  const { value: park, etag } = start.value;
  return (
    <div class="card">
      <Form submit={words.save} onSubmit={save}>
        <ParkFields key={etag} park={park} />
        <KindsOfDays key={`days ${etag}`} park={park} />
        {etag !== found.etag && !isSaving.value && <ChangedMeanwhile onTakeNewer={() => (start.value = found)} />}
      </Form>
    </div>
  );
}
