import { useSignal, type Signal } from '@preact/signals';
import { api } from '../api/client.ts';
import { outcomeOf, type Outcome, type Problem } from '../api/outcome.ts';
import { take } from '../api/session.ts';
import { BY_COOKIE } from '../api/sign-in.ts';
import { useLoad } from '../api/use-load.ts';
import { Dialog } from '../ui/dialog.tsx';
import { fieldText } from '../ui/field-text.ts';
import { Field, Form } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { say } from '../ui/toasts.tsx';
import { typed } from '../ui/typed.ts';
import { AppCodeField, appCodeFrom } from './app-code.tsx';
import { hasPasskeys, signedByPasskey } from './ask-passkey.ts';
import type { PasskeyProof } from './passkeys.ts';
import { question, type FactorAsked, type Question } from './question.ts';
import { words } from './words.ts';

type Factors = FactorAsked['factors'];
type Way = 'app' | 'passkey' | 'recovery';
type Proof = { code?: string; recovery_code?: string; passkey?: PasskeyProof };

/** What can be shown in this browser. Where there is a passkey, that comes first: no false page can pass it on. */
function waysOf(factors: Factors): readonly Way[] {
  const ways: readonly (readonly [Way, boolean])[] = [
    ['passkey', factors.includes('passkey') && hasPasskeys()],
    ['app', factors.includes('totp')],
    ['recovery', true],
  ];
  return ways.flatMap(([way, isThere]) => (isThere ? [way] : []));
}
const firstWay = (factors: Factors): Way => waysOf(factors)[0] ?? 'recovery';

/** The second factor of a form: one of the fields, or what a passkey signs. */
async function proofOf(
  fields: FormData,
  way: Way | null,
  ask: () => Parameters<typeof signedByPasskey>[0],
): Promise<Outcome<Proof>> {
  if (way === 'passkey') {
    const signed = await signedByPasskey(ask());
    return signed.ok ? { ok: true, value: { passkey: signed.value } } : signed;
  }
  const [code, recoveryCode] = [appCodeFrom(fields), typed(fields, 'recovery_code')];
  if (code !== '') return { ok: true, value: { code } };
  return { ok: true, value: recoveryCode === '' ? {} : { recovery_code: recoveryCode } };
}

function FieldOf({ way }: { readonly way: Way }) {
  if (way === 'passkey') return <p>{words().passkeyHint}</p>;
  return way === 'recovery' ? (
    <Field
      key="recovery"
      label={words().recoveryCode}
      name="recovery_code"
      autocomplete="off"
      hint={words().recoveryHint}
      required
      maxLength={40}
    />
  ) : (
    <AppCodeField key="app" hint={words().codeHint} />
  );
}

/** Where the code of the app is typed, a recovery code in its place, or a passkey is asked for. */
function FactorField({ way, factors }: { readonly way: Signal<Way>; readonly factors: Factors }) {
  const texts = { passkey: words().usePasskey, app: words().useApp, recovery: words().useRecoveryCode };
  const others = waysOf(factors).filter((other) => other !== way.value);
  return (
    <>
      <FieldOf way={way.value} />
      {others.map((other) => (
        <button key={other} type="button" class="link-button" onClick={() => (way.value = other)}>
          {texts[other]}
        </button>
      ))}
    </>
  );
}

function SignInQuestion({ of: { asked, answer } }: { readonly of: Extract<Question, { kind: 'sign_in' }> }) {
  const { challenge, factors } = asked;
  const way = useSignal(firstWay(factors));
  const enter = async (fields: FormData): Promise<Problem | null> => {
    const proof = await proofOf(fields, way.value, () =>
      api.POST('/api/v1/auth/login/second-factor/passkey', { body: { challenge } }),
    );
    if (!proof.ok) return proof.problem;
    const body = { challenge, ...proof.value };
    const done = await outcomeOf(api.POST('/api/v1/auth/login/second-factor', { params: BY_COOKIE, body }));
    if (!done.ok) return done.problem;
    question.value = null;
    answer(done.value);
    return null;
  };
  return (
    <Form submit={words().enter} onSubmit={enter}>
      <FactorField way={way} factors={factors} />
    </Form>
  );
}

function ProofForm({ answer, factors }: { readonly answer: (isProven: boolean) => void; readonly factors: Factors }) {
  const way = useSignal(firstWay(factors));
  const prove = async (fields: FormData): Promise<Problem | null> => {
    const proof = await proofOf(fields, factors.length === 0 ? null : way.value, () =>
      api.POST('/api/v1/auth/step-up/passkey'),
    );
    if (!proof.ok) return proof.problem;
    const body = { password: fieldText(fields, 'password'), ...proof.value };
    const done = await outcomeOf(api.POST('/api/v1/auth/step-up', { body }));
    if (!done.ok) return done.problem;
    take(done.value.access_token);
    question.value = null;
    answer(true);
    return null;
  };
  return (
    <Form submit={words().confirm} onSubmit={prove}>
      <p>{words().proveLead}</p>
      <Field
        label={words().password}
        name="password"
        type="password"
        autocomplete="current-password"
        required
        maxLength={128}
      />
      {factors.length > 0 && <FactorField way={way} factors={factors} />}
    </Form>
  );
}

function ProofQuestion({ of: { answer } }: { readonly of: Extract<Question, { kind: 'prove' }> }) {
  const state = useLoad(() => outcomeOf(api.GET('/api/v1/auth/second-factor')), []);
  return <Loaded of={state}>{({ factors }) => <ProofForm answer={answer} factors={factors} />}</Loaded>;
}

/** What somebody is asked about who they are, over whatever page they are on. */
export function IdentityDialog() {
  const asked = question.value;
  if (asked === null) return null;
  const giveUp = (): void => {
    if (question.peek() !== asked) return;
    question.value = null;
    if (asked.kind === 'prove') return asked.answer(false);
    asked.answer(null);
    say(words().gaveUp, 'warn');
  };
  return asked.kind === 'sign_in' ? (
    <Dialog
      key="sign_in"
      title={asked.asked.factors.includes('passkey') ? words().factor : words().codeTitle}
      onClose={giveUp}
    >
      <SignInQuestion of={asked} />
    </Dialog>
  ) : (
    <Dialog key="prove" title={words().proveTitle} onClose={giveUp}>
      <ProofQuestion of={asked} />
    </Dialog>
  );
}
