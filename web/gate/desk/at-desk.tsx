import type { ComponentChildren } from 'preact';
import { hasDutyAt } from '../../shared/api/duties.ts';
import type { Outcome } from '../../shared/api/outcome.ts';
import { duties, isSignedIn } from '../../shared/api/session.ts';
import { restoreSession, signIn, signOut } from '../../shared/api/sign-in.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { fieldText } from '../../shared/ui/field-text.ts';
import { Field, Form } from '../../shared/ui/form.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import type { Gate } from '../device/gate.ts';
import { texts } from '../texts/texts.ts';

const SELLERS = ['gate', 'manager', 'admin'] as const;

function SignIn() {
  const words = texts().sell;
  return (
    <div class="card">
      <h2>{words.signIn}</h2>
      <Form
        submit={words.signIn}
        onSubmit={(fields) => signIn(fieldText(fields, 'phone'), fieldText(fields, 'password'))}
      >
        <Field
          label={words.phone}
          name="phone"
          type="tel"
          inputMode="tel"
          autocomplete="username"
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
    </div>
  );
}

type Props = { readonly gate: Gate; readonly title: string; readonly children: ComponentChildren };

/** What only somebody sees who is signed in and sells at this park. */
export function AtDesk({ gate, title, children }: Props) {
  const words = texts().sell;
  const restored = useLoad(async (): Promise<Outcome<true>> => {
    const problem = isSignedIn.peek() === undefined ? await restoreSession() : null;
    return problem === null ? { ok: true, value: true } : { ok: false, problem };
  }, []);
  const maySell = hasDutyAt(duties.value, SELLERS, gate.enrolled.parkId);
  return (
    <div class="stack">
      <h1>{title}</h1>
      {isSignedIn.value === true && maySell && children}
      {isSignedIn.value === true && !maySell && (
        <>
          <p class="notice warn">{words.noRole}</p>
          <button type="button" class="secondary" onClick={() => void signOut()}>
            {words.signOut}
          </button>
        </>
      )}
      {isSignedIn.value === undefined && <Loaded of={{ ...restored, value: null }}>{() => null}</Loaded>}
      {(isSignedIn.value === false || (isSignedIn.value === undefined && restored.problem !== null)) && <SignIn />}
    </div>
  );
}
