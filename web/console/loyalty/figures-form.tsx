import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { type Problem, type Tagged, taggedOutcomeOf } from '../../shared/api/outcome.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { texts } from '../texts/texts.ts';
import { ChangedMeanwhile } from '../ui/changed-meanwhile.tsx';
import { figuresFrom, type Figures } from './figures.ts';
import { TierFields } from './tier-fields.tsx';

type Props = {
  readonly found: Tagged<Figures>;
  readonly isEditor: boolean;
  readonly onNewest: () => Promise<unknown>;
};

/** The figures in force; admins change them here. */
export function FiguresForm({ found, isEditor, onNewest }: Props) {
  const { loyalty: words } = texts();
  /** The version that the form began with; a newer one is `found`. */
  const start = useSignal(found);
  const isSaving = useSignal(false);
  const save = async (fields: FormData): Promise<Problem | null> => {
    const params = { header: { 'If-Match': found.etag } };
    isSaving.value = true;
    const answer = await taggedOutcomeOf(api.PUT('/api/v1/admin/loyalty/tiers', { params, body: figuresFrom(fields) }));
    if (answer.ok) start.value = answer.value;
    if (answer.ok || answer.problem.code === 'precondition_failed') await onNewest();
    isSaving.value = false;
    if (answer.ok) say(words.saved);
    return answer.ok || answer.problem.code === 'precondition_failed' ? null : answer.problem;
  };
  const { value, etag } = start.value;
  const figures = <FigureFields key={etag} figures={value} isEditor={isEditor} />;
  if (!isEditor) return <div class="card">{figures}</div>;
  return (
    <div class="card">
      <Form submit={words.save} onSubmit={save}>
        {figures}
        {etag !== found.etag && !isSaving.value && <ChangedMeanwhile onTakeNewer={() => (start.value = found)} />}
      </Form>
    </div>
  );
}

function FigureFields({ figures, isEditor }: { readonly figures: Figures; readonly isEditor: boolean }) {
  const { loyalty: words } = texts();
  const whole = { type: 'number', min: '0', required: true } as const;
  const sum = { inputMode: 'decimal', required: true, maxLength: 20 } as const;
  return (
    <fieldset disabled={!isEditor}>
      <TierFields tiers={figures.tiers} />
      <h2>{words.points}</h2>
      <div class="pair">
        <Field label={words.earning} name="earning" {...sum} defaultValue={figures.earning_sum} />
        <Field label={words.value} name="value" {...sum} defaultValue={figures.point_value} />
        <Field
          label={words.spendable}
          name="spendable"
          {...whole}
          max="100"
          defaultValue={String(figures.spendable_percent)}
        />
        <Field
          label={words.months}
          name="months"
          {...whole}
          min="1"
          max="120"
          defaultValue={String(figures.valid_months)}
        />
        <Field label={words.days} name="days" {...whole} max="366" defaultValue={String(figures.returned_days)} />
      </div>
    </fieldset>
  );
}
