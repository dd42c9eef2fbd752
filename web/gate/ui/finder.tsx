import { useSignal } from '@preact/signals';
import { Camera as CameraIcon, Flashlight } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../shared/ui/icon.tsx';
import { startCamera, type Camera, type CameraProblem } from '../scan/camera.ts';
import { allowSound } from '../scan/feedback.ts';
import { texts } from '../texts/texts.ts';

const KEY = 'skypark.gate.camera';

type State = 'off' | 'on' | CameraProblem;

/** The camera behind a picture: on again after a reload where it was on before. */
function useCamera(onCode: (code: string) => Promise<unknown>) {
  const video = useRef<HTMLVideoElement>(null);
  const camera = useRef<Camera | null>(null);
  /** Whether it is on, or on its way: it may be turned off before it is here. */
  const isWanted = useRef(false);
  const state = useSignal<State>('off');
  const isLit = useSignal(false);

  const turnOn = async (): Promise<void> => {
    if (video.current === null || isWanted.current) return;
    isWanted.current = true;
    const started = await startCamera(video.current, onCode, () => isWanted.current);
    if (started === null) return;
    if (typeof started === 'string') {
      isWanted.current = false;
      state.value = started;
    } else {
      camera.current = started;
      state.value = 'on';
      localStorage.setItem(KEY, 'on');
    }
  };
  const stop = (): void => {
    isWanted.current = false;
    camera.current?.stop();
    camera.current = null;
    state.value = 'off';
  };
  const turnOff = (): void => {
    localStorage.removeItem(KEY);
    stop();
  };
  const toggleLight = async (): Promise<void> => {
    const can = await camera.current?.light(!isLit.value);
    if (can === true) isLit.value = !isLit.value;
  };
  useEffect(() => {
    if (localStorage.getItem(KEY) === 'on') void turnOn();
    return stop;
  }, []);
  return { video, state, isLit, turnOn, turnOff, toggleLight };
}

/** What stands in place of the picture while there is none. */
function Cover({ state, onTurnOn }: { readonly state: Exclude<State, 'on'>; readonly onTurnOn: () => Promise<void> }) {
  const words = texts().scan;
  const press = (): void => {
    allowSound();
    void onTurnOn();
  };
  return (
    <div class="cover">
      {state !== 'off' && <p role="alert">{words.cameraProblems[state]}</p>}
      <button type="button" onClick={press}>
        <Icon of={CameraIcon} /> {words.startCamera}
      </button>
    </div>
  );
}

/** What the camera sees. */
export function Finder({ onCode }: { readonly onCode: (code: string) => Promise<unknown> }) {
  const { video, state, isLit, turnOn, turnOff, toggleLight } = useCamera(onCode);
  const words = texts().scan;
  return (
    <div class="stack">
      <div class="finder">
        <video ref={video} muted playsInline aria-label={words.cameraHint} />
        {state.value === 'on' ? <span class="frame" /> : <Cover state={state.value} onTurnOn={turnOn} />}
      </div>
      {state.value === 'on' && (
        <div class="row">
          <button type="button" class="secondary" onClick={turnOff}>
            {words.stopCamera}
          </button>
          <button type="button" class="secondary" aria-pressed={isLit.value} onClick={() => void toggleLight()}>
            <Icon of={Flashlight} /> {words.light}
          </button>
        </div>
      )}
    </div>
  );
}
