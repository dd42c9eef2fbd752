import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Gate } from '../device/gate.ts';
import { texts } from '../texts/texts.ts';

const MS_A_MINUTE = 60_000;
const LOOK_MS = 10_000;

/** How long ago, in words; drawn anew as time goes by. */
export function useAge(sinceMs: number | null): string | null {
  const nowMs = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => (nowMs.value = Date.now()), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  if (sinceMs === null) return null;
  const minutes = Math.floor((nowMs.value - sinceMs) / MS_A_MINUTE);
  const words = texts().status;
  if (minutes < 1) return words.now;
  return minutes < 60 ? words.minutes(minutes) : words.hours(Math.floor(minutes / 60));
}

/** What staff should know of the device before they trust it. */
export function DeviceStatus({ gate }: { readonly gate: Gate }) {
  const { mode, revocationsAsOfMs, occupancy, quota, trouble } = gate.state.value;
  const words = texts().status;
  const age = useAge(revocationsAsOfMs);
  const isOld = revocationsAsOfMs === null || Date.now() - revocationsAsOfMs > 15 * MS_A_MINUTE;
  return (
    <div class="stack">
      {trouble !== null && (
        <p class="notice bad" role="alert">
          {words.troubles[trouble]}
        </p>
      )}
      <div class="status-line">
        {occupancy !== null && (
          <span class="badge" data-testid="occupancy">
            {texts().scan.inside}: {occupancy.current} / {occupancy.capacity}
          </span>
        )}
        {gate.pending.value > 0 && (
          <span class="badge warn" data-testid="pending">
            {words.pending(gate.pending.value)}
          </span>
        )}
        <span class={`badge ${isOld ? 'warn' : ''}`}>
          {age === null ? words.revocationsNever : words.revocations(age)}
        </span>
        {mode === 'alone' && quota !== null && (
          <span class={`badge ${quota.used >= quota.green ? 'warn' : ''}`}>
            {words.quota(quota.used, quota.green + quota.amber)}
          </span>
        )}
      </div>
    </div>
  );
}
