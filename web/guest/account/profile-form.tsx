import { api } from '../../shared/api/client.ts';
import { outcomeOf, taggedOutcomeOf, type Problem, type Tagged } from '../../shared/api/outcome.ts';
import type { User } from '../../shared/api/session.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../shared/i18n/language-list.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { texts } from '../texts/texts.ts';
import { fieldOf, inOurWords } from '../ui/fields.ts';
import { changed } from './session.ts';

const Fields = ({ profile }: { readonly profile: User }) => (
  <>
    <Field
      label={texts().signIn.name}
      name="name"
      autocomplete="name"
      defaultValue={profile.name}
      required
      maxLength={100}
    />
    <Field
      label={texts().account.email}
      name="email"
      type="email"
      autocomplete="email"
      hint={texts().account.emailHint}
      defaultValue={profile.email ?? ''}
      maxLength={254}
    />
    <label>
      {texts().account.messages}
      <select name="language" defaultValue={profile.language}>
        {LANGUAGES.map((one) => (
          <option key={one} value={one} lang={one} selected={one === profile.language}>
            {LANGUAGE_NAMES[one]}
          </option>
        ))}
      </select>
    </label>
  </>
);

/** The name, the address and the language of messages. An edit that another device overtook is told, and nothing is lost. */
export function ProfileForm() {
  const profile = useLoad(() => taggedOutcomeOf(api.GET('/api/v1/users/me')), []);
  const save = async ({ etag }: Tagged<User>, fields: FormData): Promise<Problem | null> => {
    const email = fieldOf(fields, 'email');
    const body = {
      name: fieldOf(fields, 'name'),
      email: email === '' ? null : email,
      language: LANGUAGES.find((one) => one === fieldOf(fields, 'language')) ?? 'ru',
    };
    const params = { header: { 'If-Match': etag } };
    const done = await outcomeOf(api.PATCH('/api/v1/users/me', { params, body }));
    if (!done.ok) return inOurWords(done.problem);
    await changed(done.value);
    await profile.reload();
    say(texts().account.saved);
    return null;
  };
  return (
    <Loaded of={profile}>
      {(seen) => (
        <>
          <p class="muted">{texts().account.phone(seen.value.phone)}</p>
          <Form submit={texts().children.save} onSubmit={(fields) => save(seen, fields)}>
            <Fields profile={seen.value} />
          </Form>
        </>
      )}
    </Loaded>
  );
}
