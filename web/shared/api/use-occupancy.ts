import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { components } from '../../../clients/typescript/schema.d.ts';

type Occupancy = components['schemas']['Occupancy'];

export type LiveOccupancy = {
  /** What was told last; null before the first word. */
  readonly now: Occupancy | null;
  /** Whether changes are told as they happen; if not, the browser is trying to connect again. */
  readonly isLive: boolean;
};

/** Browsers connect again by themselves after a loss, but not after a refusal. */
const AGAIN_MS = 10_000;

/**
 * How full a park is, as it changes. One park at a time: browsers open few connections to one place, and a stream holds one for good.
 */
export function useOccupancy(parkId: string): LiveOccupancy {
  const state = useSignal<LiveOccupancy>({ now: null, isLive: false });
  useEffect(() => {
    let stream: EventSource | null = null;
    let again = 0;
    const connect = (): void => {
      const opened = new EventSource(`/api/v1/parks/${encodeURIComponent(parkId)}/occupancy/stream`);
      opened.addEventListener('message', ({ data }) => {
        state.value = { now: JSON.parse(String(data)) as Occupancy, isLive: true };
      });
      opened.addEventListener('error', () => {
        state.value = { ...state.value, isLive: false };
        if (opened.readyState === EventSource.CLOSED) again = window.setTimeout(connect, AGAIN_MS);
      });
      stream = opened;
    };
    state.value = { now: null, isLive: false };
    connect();
    return () => {
      stream?.close();
      clearTimeout(again);
    };
  }, [parkId]);
  return state.value;
}
