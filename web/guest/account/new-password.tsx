import { useSignal, type Signal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import { texts } from '../texts/texts.ts';
import { fieldText } from '../../shared/ui/field-text.ts';
import { fieldOf, inOurWords } from '../ui/fields.ts';
import { login } from './by-password.tsx';
import { CodeField, sendCode } from './code-field.tsx';
import { PhoneField } from './phone-field.tsx';

/** A new password for whoever forgot theirs and has the phone. */
export function NewPassword({ phone }: { readonly phone: Signal<string> }) {
  const isSent = useSignal(false);
  /** Good once: it stays for a second try, when the first password was too simple. */
  const resetToken = useSignal<string | null>(null);
  const send = async (): Promise<Problem | null> => {
    const problem = await sendCode(phone.value, 'reset');
    if (problem === null) isSent.value = true;
    return problem;
  };
  const verify = async (fields: FormData): Promise<Problem | null> => {
    const body = { phone: phone.value, code: fieldOf(fields, 'code'), purpose: 'reset' } as const;
    const done = await outcomeOf(api.POST('/api/v1/auth/otp/verify', { body }));
    if (!done.ok) return inOurWords(done.problem);
    resetToken.value = 'reset_token' in done.value ? (done.value.reset_token ?? null) : null;
    return null;
  };
  const change = async (fields: FormData): Promise<Problem | null> => {
    const password = fieldText(fields, 'new_password');
    const body = { reset_token: resetToken.value ?? '', new_password: password };
    const done = await outcomeOf(api.POST('/api/v1/auth/password/reset', { body }));
    return done.ok ? login(phone.value, password) : inOurWords(done.problem);
  };
  if (!isSent.value) {
    return (
      <Form key="phone" submit={texts().signIn.sendCode} onSubmit={send}>
        <PhoneField phone={phone} />
      </Form>
    );
  }
  if (resetToken.value === null) {
    return (
      <Form key="code" submit={texts().signIn.confirm} onSubmit={verify}>
        <p>{texts().signIn.codeSent(phone.value)}</p>
        <CodeField onAgain={send} />
      </Form>
    );
  }
  return (
    <Form key="password" submit={texts().signIn.setPassword} onSubmit={change}>
      <Field
        label={texts().signIn.newPassword}
        name="new_password"
        type="password"
        autocomplete="new-password"
        hint={texts().signIn.passwordHint}
        required
        minLength={8}
        maxLength={128}
      />
    </Form>
  );
}
