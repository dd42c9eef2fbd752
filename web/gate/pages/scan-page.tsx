import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { hasDutyAt } from '../../shared/api/duties.ts';
import { duties, isSignedIn, mayBeSession } from '../../shared/api/session.ts';
import { restoreSession } from '../../shared/api/sign-in.ts';
import type { Gate } from '../device/gate.ts';
import { refused, type Direction, type Passage } from '../device/passage.ts';
import { allowSound, signalLight } from '../scan/feedback.ts';
import { listenToWedge } from '../scan/wedge.ts';
import { Stepper } from '../../shared/ui/stepper.tsx';
import { Choice } from '../ui/choice.tsx';
import { DeviceStatus } from '../ui/device-status.tsx';
import { Finder } from '../ui/finder.tsx';
import { OverrideForm } from '../ui/override-form.tsx';
import { Verdict } from '../ui/verdict.tsx';
import { texts } from '../texts/texts.ts';

/** A code that is still held up is not scanned again before this. */
const SAME_CODE_MS = 4_000;
/** A welcome goes by itself; what needs a person stays. */
const WELCOME_MS = 2_500;
const PARTS = [1, 2, 3, 4, 5] as const;
/** From here on a group is counted by keys; a party has no more than this. */
const [GROUP, MOST] = [6, 100] as const;

/** Who may let people in although the park is full. */
const MANAGERS = ['manager', 'admin'] as const;

const LOOKS = { green: 'good', amber: 'warn', red: 'bad' } as const;

const passes = (direction: Direction, people: number): string =>
  direction === 'in' ? texts().scan.passIn(people) : texts().scan.passOut(people);

type Shown = { readonly passage: Passage; readonly code: string };

/** Decides on codes from the camera, a scanner or a person, and shows one answer at a time. */
function useScanning(gate: Gate) {
  const direction = useSignal<Direction>('in');
  const people = useSignal<number | null>(null);
  const shown = useSignal<Shown | null>(null);
  const isDeciding = useSignal(false);
  /** The answer before, which stays readable when it is gone from the screen. */
  const before = useSignal<Passage | null>(null);
  const last = useRef({ code: '', atMs: 0 });

  const show = (passage: Passage, code: string): void => {
    shown.value = { passage, code };
    before.value = passage;
    people.value = null;
    signalLight(passage.light);
  };
  /** Pressed twice it decides once. What cannot be decided lets nobody in. */
  const decide = async (code: string, count: number | null): Promise<void> => {
    if (isDeciding.value) return;
    isDeciding.value = true;
    const way = direction.value;
    try {
      show(await gate.scan(code, way, count), code);
    } catch (error) {
      reportError(error);
      show(refused(way, 'failed'), code);
    } finally {
      isDeciding.value = false;
    }
  };
  /** A person who asks means it; while an answer is looked at nothing else is. */
  const ask = async (code: string): Promise<void> => {
    const isLookedAt = shown.value !== null && shown.value.passage.light !== 'green';
    if (code.trim() === '' || isDeciding.value || isLookedAt) return;
    last.current = { code, atMs: Date.now() };
    await decide(code.trim(), people.value);
  };
  const onCode = async (code: string): Promise<void> => {
    const isHeldUpStill = code === last.current.code && Date.now() - last.current.atMs < SAME_CODE_MS;
    if (isHeldUpStill) last.current.atMs = Date.now();
    else await ask(code);
  };
  const next = (): void => void (shown.value = null);

  useEffect(() => listenToWedge((code) => void ask(code)), []);
  useEffect(() => {
    if (shown.value?.passage.light !== 'green') return undefined;
    const timer = setTimeout(next, WELCOME_MS);
    return () => clearTimeout(timer);
  }, [shown.value]);
  return { direction, people, shown, before, isDeciding, decide, ask, onCode, show, next };
}

function ManualEntry({ onCode }: { readonly onCode: (code: string) => Promise<unknown> }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const code = new FormData(form).get('code');
        allowSound();
        form.reset();
        if (typeof code === 'string') void onCode(code);
      }}
    >
      <label for="manual-code">{texts().scan.manual}</label>
      <div role="group">
        <input id="manual-code" name="code" autocomplete="off" required maxLength={1_000} />
        <button type="submit">{texts().scan.manualSubmit}</button>
      </div>
    </form>
  );
}

export function ScanPage({ gate }: { readonly gate: Gate }) {
  const { direction, people, shown, before, isDeciding, decide, ask, onCode, show, next } = useScanning(gate);
  const words = texts().scan;
  // A manager who signed in at the desk is one after a reload, too.
  useEffect(() => {
    if (isSignedIn.peek() === undefined && mayBeSession()) void restoreSession();
  }, []);
  const isManager = hasDutyAt(duties.value, MANAGERS, gate.enrolled.parkId);
  return (
    <div class="stack">
      <h1 class="visually-hidden">{words.title}</h1>
      <DeviceStatus gate={gate} />
      <div class="gate-scan">
        <Finder onCode={onCode} />
        <div class="stack">
          <p class="muted" role="status">
            {isDeciding.value ? words.deciding : words.ready}
          </p>
          {before.value !== null && <Before passage={before.value} />}
          <Choice<Direction>
            legend={words.direction}
            options={[
              { value: 'in', label: words.in },
              { value: 'out', label: words.out },
            ]}
            chosen={direction.value}
            onChoose={(chosen) => (direction.value = chosen)}
          />
          <Choice<number | null>
            legend={words.howMany}
            options={[
              { value: null, label: words.all },
              ...PARTS.map((part) => ({ value: part, label: String(part) })),
              { value: GROUP, label: `${GROUP}+` },
            ]}
            chosen={people.value === null ? null : Math.min(people.value, GROUP)}
            onChoose={(chosen) => (people.value = chosen)}
          />
          {people.value !== null && people.value >= GROUP && (
            <Stepper
              label={words.howMany}
              value={people.value}
              most={MOST}
              onChange={(count) => (people.value = count)}
            />
          )}
          <ManualEntry onCode={ask} />
        </div>
      </div>
      {shown.value !== null && (
        <Verdict passage={shown.value.passage} onNext={next}>
          {shown.value.passage.reason === 'partly_used' && (
            <LetInRest passage={shown.value.passage} onPress={(count) => decide(shown.value?.code ?? '', count)} />
          )}
          {shown.value.passage.reason === 'park_full' && isManager && (
            <OverrideForm
              code={shown.value.code}
              gate={gate}
              onDone={(passage) => show(passage, shown.value?.code ?? '')}
            />
          )}
        </Verdict>
      )}
    </div>
  );
}

const Before = ({ passage: { light, reason, direction, people } }: { readonly passage: Passage }) => (
  <p class={`notice ${LOOKS[light]}`} data-testid="before" data-reason={reason}>
    {texts().scan.before}: {people === 0 ? texts().scan.reasons[reason] : passes(direction, people)}
  </p>
);

const LetInRest = ({
  passage,
  onPress,
}: {
  readonly passage: Passage;
  readonly onPress: (count: number) => unknown;
}) =>
  passage.remaining > 0 ? (
    <button type="button" onClick={() => void onPress(passage.remaining)}>
      {texts().scan.letIn(passage.remaining)}
    </button>
  ) : null;
