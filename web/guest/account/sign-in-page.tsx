import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { user } from '../../shared/api/session.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { ByCode } from './by-code.tsx';
import { ByPassword } from './by-password.tsx';
import { NewPassword } from './new-password.tsx';
import { Register } from './register.tsx';
import { VerifyPhone } from './verify-phone.tsx';

type Mode = 'password' | 'code' | 'register' | 'reset' | 'verify';

/** Where to go afterwards: a page of this app and nowhere else. */
const nextOf = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])/.test(next) ? next : '/tickets';

/** Sign in by password or by a code, or open an account; then on to where one came from. */
export function SignInPage() {
  const { query, route } = useLocation();
  const mode = useSignal<Mode>('password');
  const phone = useSignal('');
  const words = texts().signIn;
  const done = (): void => route(nextOf(query['next']), true);
  const isIn = user.value !== null && user.value !== undefined;
  useEffect(() => {
    if (isIn && mode.value !== 'verify') done();
  }, [isIn]);
  const card = useRef<HTMLDivElement>(null);
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    // The button that chose another way is gone with the focus it had.
    if (!isFirst.current) card.current?.querySelector('input')?.focus();
    isFirst.current = false;
  }, [mode.value]);
  const link = (to: Mode, label: string) => (
    <button type="button" class="link-button" onClick={() => (mode.value = to)}>
      {label}
    </button>
  );
  return (
    <Page title={words.titles[mode.value]} narrow>
      <div class="card stack" key={mode.value} ref={card}>
        {mode.value === 'password' && <ByPassword phone={phone} />}
        {mode.value === 'code' && <ByCode phone={phone} />}
        {mode.value === 'reset' && <NewPassword phone={phone} />}
        {mode.value === 'register' && <Register phone={phone} onRegistered={() => (mode.value = 'verify')} />}
        {mode.value === 'verify' && (
          <>
            <VerifyPhone phone={phone.value} onVerified={done} />
            <button type="button" class="link-button" onClick={done}>
              {words.verifyLater}
            </button>
          </>
        )}
        {mode.value !== 'verify' && (
          <nav class="stack small" aria-label={words.otherWays}>
            {mode.value !== 'register' && link('register', words.toRegister)}
            {mode.value !== 'password' && link('password', words.toPassword)}
            {mode.value === 'password' && link('code', words.toCode)}
            {mode.value === 'password' && link('reset', words.toReset)}
          </nav>
        )}
      </div>
    </Page>
  );
}
