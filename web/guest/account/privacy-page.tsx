import { useSignal } from '@preact/signals';
import { Download } from 'lucide';
import { useLocation } from 'preact-iso';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { forget } from '../../shared/api/session.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { texts } from '../texts/texts.ts';
import { fieldText } from '../../shared/ui/field-text.ts';
import { inOurWords } from '../ui/fields.ts';
import { Page } from '../ui/page.tsx';
import { Consents } from './consents.tsx';
import { SignedIn } from './signed-in.tsx';

/** Gives a file to the reader. */
function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function Export() {
  const problem = useSignal<Problem | null>(null);
  const fetchAll = async (): Promise<void> => {
    const held = await outcomeOf(api.GET('/api/v1/users/me/export'));
    problem.value = held.ok ? null : held.problem;
    if (!held.ok) return;
    saveFile('skypark.json', new Blob([JSON.stringify(held.value, null, 2)], { type: 'application/json' }));
    say(texts().privacy.exported);
  };
  return (
    <section class="card stack">
      <h2>{texts().privacy.export}</h2>
      <p>{texts().privacy.exportHint}</p>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <BusyButton class="secondary" onPress={fetchAll}>
        <Icon of={Download} /> {texts().privacy.download}
      </BusyButton>
    </section>
  );
}

function EraseDialog({ onClose }: { readonly onClose: () => unknown }) {
  const { route } = useLocation();
  const words = texts().privacy;
  const erase = async (fields: FormData): Promise<Problem | null> => {
    const body = { password: fieldText(fields, 'password') };
    const done = await outcomeOf(api.DELETE('/api/v1/users/me', { body }));
    if (!done.ok) return inOurWords(done.problem);
    route('/', true);
    forget();
    say(words.erased);
    return null;
  };
  return (
    <Dialog title={words.askErase} onClose={onClose}>
      <p>{words.eraseHint}</p>
      <Form submit={words.confirmErase} onSubmit={erase}>
        <Field
          label={texts().signIn.password}
          name="password"
          type="password"
          autocomplete="current-password"
          hint={words.passwordHint}
          required
          maxLength={128}
        />
      </Form>
    </Dialog>
  );
}

function Erase() {
  const isAsking = useSignal(false);
  return (
    <section class="card stack">
      <h2>{texts().privacy.erase}</h2>
      <p>{texts().privacy.eraseHint}</p>
      <button type="button" class="outline danger" onClick={() => (isAsking.value = true)}>
        {texts().privacy.erase}
      </button>
      {isAsking.value && <EraseDialog onClose={() => (isAsking.value = false)} />}
    </section>
  );
}

/** What is kept about a guest: to agree to, to take along, and to delete. */
export const PrivacyPage = () => (
  <Page title={texts().privacy.title} back={{ href: '/account', label: texts().nav.account }} narrow>
    <SignedIn>
      {() => (
        <div class="stack">
          <Consents />
          <Export />
          <Erase />
        </div>
      )}
    </SignedIn>
  </Page>
);
