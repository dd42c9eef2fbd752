import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf, type Problem, type Tagged, taggedOutcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { texts } from '../texts/texts.ts';
import { ChangedMeanwhile } from '../ui/changed-meanwhile.tsx';
import { PromoFields } from './promo-fields.tsx';
import { termsFrom, type PromoCode } from './promo-terms.ts';

type Props = {
  readonly code: PromoCode | null;
  readonly onChanged: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

/** Makes a promo code, or changes what one grants. */
export function PromoDialog({ code, onChanged, ...props }: Props) {
  const rest = { onChanged, onClose: useClosing(props.onClose) };
  return (
    <Dialog title={code === null ? texts().promo.add : code.code} onClose={rest.onClose}>
      {code === null ? <NewCode {...rest} /> : <Existing id={code.id} {...rest} />}
    </Dialog>
  );
}

function NewCode({ onChanged, onClose }: Omit<Props, 'code'>) {
  const { promo: words } = texts();
  const send = intentOf('createPromoCode');
  const make = async (fields: FormData): Promise<Problem | null> => {
    const body = { code: typed(fields, 'code'), ...termsFrom(fields) };
    const answer = await send(JSON.stringify(body), (header) =>
      outcomeOf(api.POST('/api/v1/admin/promo-codes', { params: { header }, body })),
    );
    if (!answer.ok) return answer.problem;
    say(words.made(answer.value.code));
    onClose();
    await onChanged();
    return null;
  };
  return (
    <Form submit={words.add} onSubmit={make}>
      <Field label={words.code} name="code" hint={words.codeHint} required minLength={3} maxLength={40} />
      <PromoFields />
    </Form>
  );
}

function Existing({ id, ...rest }: Omit<Props, 'code'> & { readonly id: string }) {
  const read = useLoad(
    () => taggedOutcomeOf(api.GET('/api/v1/admin/promo-codes/{id}', { params: { path: { id } } })),
    [],
  );
  return <Loaded of={read}>{(found) => <Editing found={found} onNewest={read.reload} {...rest} />}</Loaded>;
}

type EditingProps = Omit<Props, 'code'> & {
  readonly found: Tagged<PromoCode>;
  readonly onNewest: () => Promise<unknown>;
};

function Editing({ found, onNewest, onChanged, onClose }: EditingProps) {
  const { promo: words } = texts();
  /** The version that the form began with; a newer one is `found`. */
  const start = useSignal(found);
  const isBehind = start.value.etag !== found.etag;
  const save = async (fields: FormData): Promise<Problem | null> => {
    const params = { path: { id: found.value.id }, header: { 'If-Match': found.etag } };
    const answer = await outcomeOf(api.PUT('/api/v1/admin/promo-codes/{id}', { params, body: termsFrom(fields) }));
    if (!answer.ok && answer.problem.code === 'precondition_failed') {
      await onNewest();
      return null;
    }
    if (!answer.ok) return answer.problem;
    say(words.saved);
    onClose();
    await onChanged();
    return null;
  };
  return (
    <Form submit={words.save} onSubmit={save}>
      <PromoFields key={start.value.etag} code={start.value.value} />
      {isBehind && <ChangedMeanwhile onTakeNewer={() => (start.value = found)} />}
    </Form>
  );
}
