import { FerrisWheel } from 'lucide';
import { signIn } from '../../shared/api/sign-in.ts';
import { LanguageChoice, ThemeChoice } from '../../shared/ui/choices.tsx';
import { fieldText } from '../../shared/ui/field-text.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { texts } from '../texts/texts.ts';

/** Who works for the chain signs in by phone and password. */
export function SignInPage() {
  const { signIn: words } = texts();
  return (
    <main class="door">
      <div class="card">
        <p class="brand">
          <Icon of={FerrisWheel} /> Sky Park
        </p>
        <h1>{words.title}</h1>
        <p class="muted">{words.lead}</p>
        <Form
          submit={words.submit}
          onSubmit={(fields) => signIn(typed(fields, 'phone'), fieldText(fields, 'password'))}
        >
          <Field
            label={words.phone}
            name="phone"
            type="tel"
            inputMode="tel"
            autocomplete="username"
            hint={words.phoneHint}
            required
            maxLength={30}
          />
          <Field
            label={words.password}
            name="password"
            type="password"
            autocomplete="current-password"
            required
            maxLength={200}
          />
        </Form>
        <div class="row spread">
          <LanguageChoice use={texts.use} />
          <ThemeChoice />
        </div>
      </div>
    </main>
  );
}
