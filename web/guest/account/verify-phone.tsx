import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { BY_COOKIE } from '../../shared/api/sign-in.ts';
import { Form } from '../../shared/ui/form.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { texts } from '../texts/texts.ts';
import { fieldOf, inOurWords } from '../ui/fields.ts';
import { CodeField, sendCode } from './code-field.tsx';
import { signIn } from './session.ts';

type Props = { readonly phone: string; readonly onVerified: () => unknown };

/** The session that asks now; a code begins another one in its place. */
async function sessionNow(): Promise<string | undefined> {
  const all = await outcomeOf(api.GET('/api/v1/auth/sessions', { params: { query: { limit: 50 } } }));
  return all.ok ? all.value.items.find(({ current }) => current)?.id : undefined;
}

async function endSession(id: string | undefined): Promise<void> {
  if (id !== undefined) await outcomeOf(api.DELETE('/api/v1/auth/sessions/{id}', { params: { path: { id } } }));
}

/** Proves by a code that the number of whoever is signed in is theirs. */
export function VerifyPhone({ phone, onVerified }: Props) {
  const problem = useSignal<Problem | null>(null);
  const send = (): Promise<Problem | null> => sendCode(phone, 'verify');
  const sendFirst = async (): Promise<void> => void (problem.value = await send());
  useEffect(() => void sendFirst(), []);
  const verify = async (fields: FormData): Promise<Problem | null> => {
    const body = { phone, code: fieldOf(fields, 'code'), purpose: 'verify' } as const;
    const before = await sessionNow();
    const done = await outcomeOf(api.POST('/api/v1/auth/otp/verify', { params: BY_COOKIE, body }));
    if (!done.ok) return inOurWords(done.problem);
    // With a second factor the session that asks goes on: the number is proven by then.
    if ('access_token' in done.value) {
      const { access_token: token, user: who } = done.value;
      if (token !== undefined && who !== undefined) await signIn({ access_token: token }, who);
      await endSession(before);
    }
    await onVerified();
    return null;
  };
  return (
    <div class="stack">
      <p>{texts().signIn.verifyLead(phone)}</p>
      {problem.value !== null && <ProblemNotice problem={problem.value} onRetry={sendFirst} />}
      <Form submit={texts().signIn.confirm} onSubmit={verify}>
        <CodeField onAgain={send} />
      </Form>
    </div>
  );
}
