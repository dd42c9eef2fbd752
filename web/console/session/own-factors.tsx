import { useSignal } from '@preact/signals';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { take } from '../../shared/api/session.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { hasPasskeys, withPasskey } from '../../shared/identity/ask-passkey.ts';
import { SecondFactorCard, type OtherFactors } from '../../shared/identity/second-factor-card.tsx';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Field, Form } from '../../shared/ui/form.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { passkeyWords as words } from './passkey-words.ts';

type Passkey = components['schemas']['Passkey'];

function PasskeyLine({ of, onRemoved }: { readonly of: Passkey; readonly onRemoved: () => Promise<void> }) {
  const problem = useSignal<Problem | null>(null);
  const remove = async (): Promise<void> => {
    const params = { path: { id: of.id } };
    const removed = await outcomeOf(api.DELETE('/api/v1/auth/second-factor/passkeys/{id}', { params }));
    problem.value = removed.ok ? null : removed.problem;
    if (!removed.ok) return;
    say(words().removed);
    await onRemoved();
  };
  return (
    <li class="stack">
      <div>
        <strong>{of.name}</strong>{' '}
        <span class="muted">
          {of.last_used_at === null ? words().unused : words().used(shownInstant(of.last_used_at))}
        </span>
      </div>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <details>
        <summary>{words().remove(of.name)}</summary>
        <p>{words().removeText}</p>
        <BusyButton class="danger" onPress={remove}>
          {words().remove(of.name)}
        </BusyButton>
      </details>
    </li>
  );
}

function AddPasskey({ onAdded }: { readonly onAdded: OtherFactors['enrolled'] }) {
  const add = async (fields: FormData): Promise<Problem | null> => {
    const begun = outcomeOf(api.POST('/api/v1/auth/second-factor/passkeys/challenge'));
    const made = await withPasskey(begun, (script, invited) => script.make(invited));
    if (!made.ok) return made.problem;
    const body = { name: typed(fields, 'name'), ...made.value };
    const done = await outcomeOf(api.POST('/api/v1/auth/second-factor/passkeys', { body }));
    if (!done.ok) return done.problem;
    take(done.value.access_token);
    say(words().added);
    onAdded(done.value.recovery_codes);
    return null;
  };
  return (
    <Form submit={words().add} onSubmit={add}>
      <Field
        label={words().name}
        name="name"
        autocomplete="off"
        hint={words().nameHint}
        required
        minLength={1}
        maxLength={60}
      />
    </Form>
  );
}

/** Passkeys of whoever is signed in; nothing at the node of a park, which takes none. */
function Passkeys({ state: { passkeys, passkey_origin: origin }, enrolled, removed }: OtherFactors) {
  if (origin === null) return null;
  const isHere = location.origin === origin && hasPasskeys();
  return (
    <section class="stack" aria-label={words().title}>
      <h3>{words().title}</h3>
      <p>{words().lead}</p>
      {passkeys.length > 0 && (
        <ul class="plain-list">
          {passkeys.map((passkey) => (
            <PasskeyLine key={passkey.id} of={passkey} onRemoved={removed} />
          ))}
        </ul>
      )}
      {isHere ? <AddPasskey onAdded={enrolled} /> : <p class="muted">{words().elsewhere(origin)}</p>}
    </section>
  );
}

/** The second factors of staff: the app and passkeys. */
export const OwnFactors = () => <SecondFactorCard others={(parts) => <Passkeys {...parts} />} />;
