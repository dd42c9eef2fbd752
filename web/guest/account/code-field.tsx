import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { api } from '../../shared/api/client.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { Field } from '../../shared/ui/form.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { texts } from '../texts/texts.ts';
import { inOurWords } from '../ui/fields.ts';

type Purpose = 'login' | 'reset' | 'verify';

/** Asks for a code by SMS. @returns why it could not be */
export async function sendCode(phone: string, purpose: Purpose): Promise<Problem | null> {
  const sent = await outcomeOf(api.POST('/api/v1/auth/otp', { body: { phone, purpose } }));
  return sent.ok ? null : inOurWords(sent.problem);
}

const WAIT_SECONDS = 60;

type Props = {
  /** Sends another code. @returns why it could not be */
  readonly onAgain: () => Promise<Problem | null>;
};

/** Where a code is typed. Another one can be asked for after a minute. */
export function CodeField({ onAgain }: Props) {
  const left = useSignal(WAIT_SECONDS);
  const problem = useSignal<Problem | null>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // It takes the place of what asked for the code and had the focus.
    place.current?.querySelector('input')?.focus();
    const timer = setInterval(() => (left.value = Math.max(0, left.peek() - 1)), 1_000);
    return () => clearInterval(timer);
  }, []);
  const again = async (): Promise<void> => {
    left.value = WAIT_SECONDS;
    problem.value = await onAgain();
    if (problem.value !== null) left.value = problem.value.retryAfterSeconds ?? 0;
  };
  return (
    <>
      <div ref={place}>
        <Field
          label={texts().signIn.code}
          name="code"
          inputMode="numeric"
          autocomplete="one-time-code"
          required
          minLength={6}
          maxLength={6}
          hint={texts().signIn.codeHint}
        />
      </div>
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      <button type="button" class="link-button" disabled={left.value > 0} onClick={() => void again()}>
        {left.value > 0 ? texts().signIn.againIn(left.value) : texts().signIn.again}
      </button>
    </>
  );
}
