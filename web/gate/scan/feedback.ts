import type { Passage } from '../device/passage.ts';

type Tone = { readonly hz: number; readonly ms: number };

/** High and short: come in. Two equal ones: come in, with a mark. Low and long: stop. Nobody has to look. */
const TONES: Readonly<Record<Passage['light'], readonly Tone[]>> = {
  green: [
    { hz: 880, ms: 90 },
    { hz: 1320, ms: 140 },
  ],
  amber: [
    { hz: 660, ms: 120 },
    { hz: 660, ms: 120 },
  ],
  red: [{ hz: 180, ms: 450 }],
};

const PATTERNS: Readonly<Record<Passage['light'], number | number[]>> = {
  green: 60,
  amber: [60, 80, 60],
  red: [200, 80, 200],
};

let audio: AudioContext | null = null;

/** Browsers let a page sound only after somebody touched it. */
export const allowSound = (): void => {
  audio ??= new AudioContext();
  void audio.resume();
};

export function signalLight(light: Passage['light']): void {
  // After a reload, before the first touch, the browser would refuse it with a warning.
  if (navigator.userActivation?.hasBeenActive === true) navigator.vibrate?.(PATTERNS[light]);
  if (audio?.state !== 'running') return;
  let at = audio.currentTime;
  for (const { hz, ms } of TONES[light]) {
    const tone = new OscillatorNode(audio, { type: light === 'red' ? 'square' : 'sine', frequency: hz });
    const volume = new GainNode(audio, { gain: 0.3 });
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    at += ms / 1_000;
    tone.stop(at);
    at += 0.04;
  }
}

/** Keeps the screen on while a gate is looked at. */
export function stayAwake(): void {
  const ask = (): void => {
    if (document.visibilityState === 'visible') void navigator.wakeLock?.request('screen').catch(() => undefined);
  };
  document.addEventListener('visibilitychange', ask);
  ask();
}
