import { useSignal, type Signal } from '@preact/signals';
import { api } from '../api/client.ts';
import { outcomeOf, type Problem } from '../api/outcome.ts';
import { take } from '../api/session.ts';
import { BY_COOKIE } from '../api/sign-in.ts';
import { useLoad } from '../api/use-load.ts';
import { Dialog } from '../ui/dialog.tsx';
import { fieldText } from '../ui/field-text.ts';
import { Field, Form } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { typed } from '../ui/typed.ts';
import { question, type Question } from './question.ts';
import { words } from './words.ts';

/** The second factor of a form: one of the fields. */
function proofOf(fields: FormData): { code?: string; recovery_code?: string } {
  const [code, recoveryCode] = [typed(fields, 'code'), typed(fields, 'recovery_code')];
  if (code !== '') return { code };
  return recoveryCode === '' ? {} : { recovery_code: recoveryCode };
}

/** Where the code of the app is typed, or a recovery code in its place. */
function FactorField({ isLost }: { readonly isLost: Signal<boolean> }) {
  const field = isLost.value ? (
    <Field
      key="recovery"
      label={words().recoveryCode}
      name="recovery_code"
      autocomplete="off"
      hint={words().recoveryHint}
      required
      maxLength={40}
    />
  ) : (
    <Field
      key="app"
      label={words().code}
      name="code"
      inputMode="numeric"
      autocomplete="one-time-code"
      hint={words().codeHint}
      required
      minLength={6}
      maxLength={6}
    />
  );
  return (
    <>
      {field}
      <button type="button" class="link-button" onClick={() => (isLost.value = !isLost.value)}>
        {isLost.value ? words().useApp : words().useRecoveryCode}
      </button>
    </>
  );
}

function SignInQuestion({ of: { challenge, answer } }: { readonly of: Extract<Question, { kind: 'sign_in' }> }) {
  const isLost = useSignal(false);
  const enter = async (fields: FormData): Promise<Problem | null> => {
    const body = { challenge, ...proofOf(fields) };
    const done = await outcomeOf(api.POST('/api/v1/auth/login/second-factor', { params: BY_COOKIE, body }));
    if (!done.ok) return done.problem;
    question.value = null;
    answer(done.value);
    return null;
  };
  return (
    <Form submit={words().enter} onSubmit={enter}>
      <FactorField isLost={isLost} />
    </Form>
  );
}

function ProofQuestion({ of: { answer } }: { readonly of: Extract<Question, { kind: 'prove' }> }) {
  const isLost = useSignal(false);
  const state = useLoad(() => outcomeOf(api.GET('/api/v1/auth/second-factor')), []);
  const prove = async (fields: FormData): Promise<Problem | null> => {
    const body = { password: fieldText(fields, 'password'), ...proofOf(fields) };
    const done = await outcomeOf(api.POST('/api/v1/auth/step-up', { body }));
    if (!done.ok) return done.problem;
    take(done.value.access_token);
    question.value = null;
    answer(true);
    return null;
  };
  return (
    <Loaded of={state}>
      {({ factors }) => (
        <Form submit={words().confirm} onSubmit={prove}>
          <p>{words().proveLead}</p>
          <Field
            label={words().password}
            name="password"
            type="password"
            autocomplete="current-password"
            required
            maxLength={128}
          />
          {factors.length > 0 && <FactorField isLost={isLost} />}
        </Form>
      )}
    </Loaded>
  );
}

/** What somebody is asked about who they are, over whatever page they are on. */
export function IdentityDialog() {
  const asked = question.value;
  if (asked === null) return null;
  const giveUp = (): void => {
    if (question.peek() !== asked) return;
    question.value = null;
    if (asked.kind === 'sign_in') asked.answer(null);
    else asked.answer(false);
  };
  return asked.kind === 'sign_in' ? (
    <Dialog key="sign_in" title={words().codeTitle} onClose={giveUp}>
      <SignInQuestion of={asked} />
    </Dialog>
  ) : (
    <Dialog key="prove" title={words().proveTitle} onClose={giveUp}>
      <ProofQuestion of={asked} />
    </Dialog>
  );
}
