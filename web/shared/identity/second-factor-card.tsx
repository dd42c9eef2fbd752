import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../api/client.ts';
import { outcomeOf, type Problem } from '../api/outcome.ts';
import { take } from '../api/session.ts';
import { useLoad } from '../api/use-load.ts';
import { BusyButton } from '../ui/busy-button.tsx';
import { Form } from '../ui/form.tsx';
import { Loaded } from '../ui/loaded.tsx';
import { ProblemNotice } from '../ui/problem-notice.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { say } from '../ui/toasts.tsx';
import { AppCodeField, appCodeFrom } from './app-code.tsx';
import { isFactorMissing } from './question.ts';
import { words } from './words.ts';

type Secret = components['schemas']['TotpSecret'];
type State = components['schemas']['SecondFactor'];

/** The codes that are shown once, until their owner says that they are kept. */
const RecoveryCodes = ({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => unknown }) => (
  <div class="stack">
    <h3>{words().codesTitle}</h3>
    <p>{words().codesText}</p>
    <ul class="plain-list">
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ul>
    <button type="button" onClick={() => void onKept()}>
      {words().codesKept}
    </button>
  </div>
);

/** Where the app reads the secret and shows its first code. */
function Enrol({
  secret,
  onDone,
}: {
  readonly secret: Secret;
  readonly onDone: (codes: readonly string[]) => unknown;
}) {
  const confirm = async (fields: FormData): Promise<Problem | null> => {
    const body = { code: appCodeFrom(fields) };
    const done = await outcomeOf(api.POST('/api/v1/auth/second-factor/totp/confirm', { body }));
    if (!done.ok) return done.problem;
    take(done.value.access_token);
    say(words().on);
    onDone(done.value.recovery_codes);
    return null;
  };
  return (
    <Form submit={words().confirm} onSubmit={confirm}>
      <p>{words().scan}</p>
      <QrCode text={secret.uri} label={words().qrCode} class="factor-code" />
      <p>
        {words().typeSecret} <code>{secret.secret}</code>
      </p>
      <AppCodeField />
    </Form>
  );
}

type Doing = {
  readonly begin: () => Promise<void>;
  readonly renew: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

function Standing({
  of: { factors, recovery_codes_left: left, required },
  doing,
}: {
  readonly of: State;
  readonly doing: Doing;
}) {
  const hasApp = factors.includes('totp');
  return (
    <>
      {hasApp ? (
        <p>{words().isOn}</p>
      ) : (
        <>
          <p>{required && factors.length === 0 ? words().mustBeOn : words().isOff}</p>
          <BusyButton onPress={doing.begin}>{words().turnOn}</BusyButton>
        </>
      )}
      {factors.length > 0 && (
        <>
          <p class="muted">{words().codesLeft(left)}</p>
          <BusyButton class="secondary" onPress={doing.renew}>
            {words().newCodes}
          </BusyButton>
        </>
      )}
      {hasApp && (
        <details>
          <summary>{words().turnOff}</summary>
          <p>{words().turnOffText}</p>
          <BusyButton class="danger" onPress={doing.remove}>
            {words().turnOff}
          </BusyButton>
        </details>
      )}
    </>
  );
}

/** What a part of the card for other factors knows and says. */
export type OtherFactors = {
  readonly state: State;
  /** A factor counts now, with the recovery codes that came with it. */
  readonly enrolled: (codes: readonly string[]) => unknown;
  readonly removed: () => Promise<void>;
};

type CardProps = {
  /** Factors besides the app, where a page has any. */
  readonly others?: (parts: OtherFactors) => ComponentChildren;
};

/** The second factor of whoever is signed in: sets it up, gives new recovery codes, removes it. */
export function SecondFactorCard({ others }: CardProps) {
  const state = useLoad(() => outcomeOf(api.GET('/api/v1/auth/second-factor')), []);
  const secret = useSignal<Secret | null>(null);
  const codes = useSignal<readonly string[] | null>(null);
  const problem = useSignal<Problem | null>(null);
  const begin = async (): Promise<void> => {
    const begun = await outcomeOf(api.POST('/api/v1/auth/second-factor/totp'));
    problem.value = begun.ok ? null : begun.problem;
    if (begun.ok) secret.value = begun.value;
  };
  const renew = async (): Promise<void> => {
    const renewed = await outcomeOf(api.POST('/api/v1/auth/second-factor/recovery-codes'));
    problem.value = renewed.ok ? null : renewed.problem;
    if (renewed.ok) codes.value = renewed.value.recovery_codes;
  };
  const remove = async (): Promise<void> => {
    const removed = await outcomeOf(api.DELETE('/api/v1/auth/second-factor/totp'));
    problem.value = removed.ok ? null : removed.problem;
    if (removed.ok) say(words().off);
    await state.reload();
  };
  const kept = async (): Promise<void> => {
    codes.value = null;
    isFactorMissing.value = false;
    await state.reload();
  };
  const enrolled = (shown: readonly string[]): void => {
    secret.value = null;
    if (shown.length === 0) void kept();
    else codes.value = shown;
  };
  return (
    <div class="stack">
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      {codes.value !== null && <RecoveryCodes codes={codes.value} onKept={kept} />}
      {secret.value !== null && <Enrol secret={secret.value} onDone={enrolled} />}
      {codes.value === null && secret.value === null && (
        <Loaded of={state}>
          {(value) => (
            <>
              <Standing of={value} doing={{ begin, renew, remove }} />
              {others?.({ state: value, enrolled, removed: state.reload })}
            </>
          )}
        </Loaded>
      )}
    </div>
  );
}
