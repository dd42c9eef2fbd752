import { useSignal } from '@preact/signals';
import { MonitorSmartphone } from 'lucide';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { SecondFactorCard } from '../../shared/identity/second-factor-card.tsx';
import { words } from '../../shared/identity/words.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { texts } from '../texts/texts.ts';
import { fieldText } from '../../shared/ui/field-text.ts';
import { inOurWords } from '../ui/fields.ts';
import { Page } from '../ui/page.tsx';
import { shownAgent } from './shown-agent.ts';
import { SignedIn } from './signed-in.tsx';

function ChangePassword({ onChanged }: { readonly onChanged: () => unknown }) {
  const tries = useSignal(0);
  const change = async (fields: FormData): Promise<Problem | null> => {
    const body = {
      current_password: fieldText(fields, 'current_password'),
      new_password: fieldText(fields, 'new_password'),
    };
    const done = await outcomeOf(api.POST('/api/v1/auth/password', { body }));
    if (!done.ok) return inOurWords(done.problem);
    say(texts().security.changed);
    tries.value += 1;
    onChanged();
    return null;
  };
  return (
    <Form key={tries.value} submit={texts().security.change} onSubmit={change}>
      <Field
        label={texts().security.current}
        name="current_password"
        type="password"
        autocomplete="current-password"
        required
        maxLength={128}
      />
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

function Security() {
  const sessions = useLoad(() => outcomeOf(api.GET('/api/v1/auth/sessions', { params: { query: { limit: 50 } } })), []);
  const problem = useSignal<Problem | null>(null);
  const end = async (id: string): Promise<void> => {
    const done = await outcomeOf(api.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id } } }));
    problem.value = done.ok ? null : done.problem;
    await sessions.reload();
  };
  return (
    <div class="stack">
      <section class="card stack">
        <h2>{texts().security.password}</h2>
        <ChangePassword onChanged={sessions.reload} />
      </section>
      <section class="card stack">
        <h2>{words().factor}</h2>
        <SecondFactorCard />
      </section>
      <section class="card stack">
        <h2>{texts().security.sessions}</h2>
        {problem.value !== null && <ProblemNotice problem={problem.value} />}
        <Loaded of={sessions}>
          {({ items }) => (
            <ul class="plain-list">
              {items.map(({ id, user_agent: agent, current, last_used_at: used }) => (
                <li key={id} class="session">
                  <Icon of={MonitorSmartphone} />
                  <span>
                    {current ? (
                      <strong>{texts().security.here}</strong>
                    ) : (
                      (shownAgent(agent) ?? texts().security.unknown)
                    )}
                    <br />
                    <span class="muted">{shownInstant(used)}</span>
                  </span>
                  {!current && (
                    <BusyButton class="secondary outline" onPress={() => end(id)}>
                      {texts().security.end}
                    </BusyButton>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </section>
    </div>
  );
}

/** The password, and where else somebody is signed in. */
export const SecurityPage = () => (
  <Page title={texts().security.title} back={{ href: '/account', label: texts().nav.account }} narrow>
    <SignedIn>{() => <Security />}</SignedIn>
  </Page>
);
