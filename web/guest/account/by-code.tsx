import { useSignal, type Signal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { BY_COOKIE } from '../../shared/api/sign-in.ts';
import { signedInBy } from '../../shared/identity/question.ts';
import { Form } from '../../shared/ui/form.tsx';
import { texts } from '../texts/texts.ts';
import { fieldOf, inOurWords } from '../ui/fields.ts';
import { CodeField, sendCode } from './code-field.tsx';
import { PhoneField } from './phone-field.tsx';
import { signIn } from './session.ts';

/** Signs in with a code by SMS, without a password. */
export function ByCode({ phone }: { readonly phone: Signal<string> }) {
  const isSent = useSignal(false);
  const send = async (): Promise<Problem | null> => {
    const problem = await sendCode(phone.value, 'login');
    if (problem === null) isSent.value = true;
    return problem;
  };
  const verify = async (fields: FormData): Promise<Problem | null> => {
    const body = { phone: phone.value, code: fieldOf(fields, 'code'), purpose: 'login' } as const;
    const done = await outcomeOf(api.POST('/api/v1/auth/otp/verify', { params: BY_COOKIE, body }));
    if (!done.ok) return inOurWords(done.problem);
    const { access_token: token, user: who } = (await signedInBy(done.value)) ?? {};
    if (token !== undefined && who !== undefined) await signIn({ access_token: token }, who);
    return null;
  };
  if (!isSent.value) {
    return (
      <Form key="phone" submit={texts().signIn.sendCode} onSubmit={send}>
        <PhoneField phone={phone} />
      </Form>
    );
  }
  return (
    <Form key="code" submit={texts().signIn.enter} onSubmit={verify}>
      <p>{texts().signIn.codeSent(phone.value)}</p>
      <CodeField onAgain={send} />
    </Form>
  );
}
