import type { Signal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { BY_COOKIE } from '../../shared/api/sign-in.ts';
import { signedInBy } from '../../shared/identity/question.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import { texts } from '../texts/texts.ts';
import { fieldText } from '../../shared/ui/field-text.ts';
import { fieldOf, inOurWords } from '../ui/fields.ts';
import { PhoneField } from './phone-field.tsx';
import { signIn } from './session.ts';

/** Signs in with number and password. @returns why it did not work */
export async function login(phone: string, password: string): Promise<Problem | null> {
  const done = await outcomeOf(api.POST('/api/v1/auth/login', { params: BY_COOKIE, body: { phone, password } }));
  if (!done.ok) return inOurWords(done.problem);
  const signedIn = await signedInBy(done.value);
  if (signedIn !== null) await signIn(signedIn, signedIn.user);
  return null;
}

export const ByPassword = ({ phone }: { readonly phone: Signal<string> }) => (
  <Form
    submit={texts().signIn.enter}
    onSubmit={(fields) => login(fieldOf(fields, 'phone'), fieldText(fields, 'password'))}
  >
    <PhoneField phone={phone} />
    <Field
      label={texts().signIn.password}
      name="password"
      type="password"
      autocomplete="current-password"
      required
      maxLength={128}
    />
  </Form>
);
