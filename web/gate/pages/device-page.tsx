import { useSignal } from '@preact/signals';
import { LanguageChoice, ThemeChoice } from '../../shared/ui/choices.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import type { Gate } from '../device/gate.ts';
import { forgetGate } from '../device/running.ts';
import { allowSound, signalLight } from '../scan/feedback.ts';
import { DeviceStatus, useAge } from '../ui/device-status.tsx';
import { texts } from '../texts/texts.ts';

const MS_A_MINUTE = 60_000;

function Forget({ gate }: { readonly gate: Gate }) {
  const isAsking = useSignal(false);
  const words = texts().device;
  const pending = gate.pending.value;
  return (
    <>
      <button type="button" class="secondary outline" onClick={() => (isAsking.value = true)}>
        {words.forget}
      </button>
      {isAsking.value && (
        <Dialog title={words.forget} onClose={() => (isAsking.value = false)}>
          <p>{words.forgetWarning}</p>
          {pending > 0 && <p class="notice bad">{words.forgetPending(pending)}</p>}
          <button type="button" class="contrast" onClick={() => void forgetGate()}>
            {words.forgetSure}
          </button>
        </Dialog>
      )}
    </>
  );
}

/** What this device is, how it stands, and the way to make it none. */
export function DevicePage({ gate }: { readonly gate: Gate }) {
  const words = texts().device;
  const { heardAtMs, clockAheadMs } = gate.state.value;
  const heard = useAge(heardAtMs);
  const minutesOff = Math.round(Math.abs(clockAheadMs) / MS_A_MINUTE);
  const tryLights = async (): Promise<void> => {
    allowSound();
    for (const light of ['green', 'amber', 'red'] as const) {
      signalLight(light);
      await new Promise((resolve) => setTimeout(resolve, 900));
    }
  };
  return (
    <div class="stack">
      <h1>{words.title}</h1>
      <DeviceStatus gate={gate} />
      <div class="card">
        <dl class="facts">
          <dt>{words.gate}</dt>
          <dd>{gate.enrolled.name}</dd>
          <dt>{words.park}</dt>
          <dd>{gate.enrolled.parkId}</dd>
          <dt>{words.heard}</dt>
          <dd>{heard ?? '—'}</dd>
          {minutesOff > 0 && (
            <>
              <dt>{words.clock}</dt>
              <dd>{words.clockAhead(minutesOff)}</dd>
            </>
          )}
        </dl>
      </div>
      <div class="row">
        <button type="button" class="secondary" onClick={() => void tryLights()}>
          {words.tryLights}
        </button>
        <LanguageChoice use={texts.use} />
        <ThemeChoice />
      </div>
      <Forget gate={gate} />
    </div>
  );
}
