import type { Signal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { BY_COOKIE } from '../../shared/api/sign-in.ts';
import { language } from '../../shared/i18n/language.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import { texts } from '../texts/texts.ts';
import { fieldText } from '../../shared/ui/field-text.ts';
import { fieldOf, inOurWords } from '../ui/fields.ts';
import { PhoneField } from './phone-field.tsx';
import { signIn } from './session.ts';

type Props = { readonly phone: Signal<string>; readonly onRegistered: () => unknown };

/** Opens an account. */
export function Register({ phone, onRegistered }: Props) {
  const register = async (fields: FormData): Promise<Problem | null> => {
    const body = {
      phone: fieldOf(fields, 'phone'),
      name: fieldOf(fields, 'name'),
      password: fieldText(fields, 'password'),
      language: language.value,
    };
    const done = await outcomeOf(api.POST('/api/v1/auth/register', { params: BY_COOKIE, body }));
    if (!done.ok) return inOurWords(done.problem);
    // Said before the session begins, so that the page goes on to the number and not away.
    onRegistered();
    await signIn(done.value, done.value.user);
    return null;
  };
  return (
    <Form submit={texts().signIn.create} onSubmit={register}>
      <Field label={texts().signIn.name} name="name" autocomplete="name" required maxLength={100} />
      <PhoneField phone={phone} />
      <Field
        label={texts().signIn.password}
        name="password"
        type="password"
        autocomplete="new-password"
        hint={texts().signIn.passwordHint}
        required
        minLength={8}
        maxLength={128}
      />
      <p class="muted">{texts().signIn.consent}</p>
    </Form>
  );
}
