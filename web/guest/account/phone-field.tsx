import type { Signal } from '@preact/signals';
import { Field } from '../../shared/ui/form.tsx';
import { texts } from '../texts/texts.ts';

/** The number, which stays as it is when one goes from one way of signing in to another. */
export const PhoneField = ({ phone }: { readonly phone: Signal<string> }) => (
  <Field
    label={texts().signIn.phone}
    name="phone"
    type="tel"
    inputMode="tel"
    autocomplete="username"
    hint={texts().signIn.phoneHint}
    required
    maxLength={40}
    defaultValue={phone.peek()}
    onInput={(value) => (phone.value = value)}
  />
);
