import { useSignal } from '@preact/signals';
import { Camera as CameraIcon, Flashlight } from 'lucide';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../shared/ui/icon.tsx';
import { startCamera, type Camera, type CameraProblem } from '../scan/camera.ts';
import { allowSound } from '../scan/feedback.ts';
import { texts } from '../texts/texts.ts';

const KEY = 'skypark.gate.camera';

/** What the camera sees. It is on again after a reload where it was on before. */
export function Finder({ onCode }: { readonly onCode: (code: string) => Promise<unknown> }) {
  const video = useRef<HTMLVideoElement>(null);
  const camera = useRef<Camera | null>(null);
  const state = useSignal<'off' | 'on' | CameraProblem>('off');
  const isLit = useSignal(false);
  const words = texts().scan;

  const turnOn = async (): Promise<void> => {
    if (video.current === null || camera.current !== null) return;
    const started = await startCamera(video.current, onCode);
    if (typeof started === 'string') state.value = started;
    else {
      camera.current = started;
      state.value = 'on';
      localStorage.setItem(KEY, 'on');
    }
  };
  const turnOff = (): void => {
    camera.current?.stop();
    camera.current = null;
    state.value = 'off';
  };
  useEffect(() => {
    if (localStorage.getItem(KEY) === 'on') void turnOn();
    return turnOff;
  }, []);

  return (
    <div class="stack">
      <div class="finder">
        <video ref={video} muted playsInline aria-label={words.cameraHint} />
        {state.value === 'on' ? (
          <span class="frame" />
        ) : (
          <div class="cover">
            {state.value !== 'off' && <p role="alert">{words.cameraProblems[state.value]}</p>}
            <button
              type="button"
              onClick={() => {
                allowSound();
                void turnOn();
              }}
            >
              <Icon of={CameraIcon} /> {words.startCamera}
            </button>
          </div>
        )}
      </div>
      {state.value === 'on' && (
        <div class="row">
          <button
            type="button"
            class="secondary"
            onClick={() => {
              localStorage.removeItem(KEY);
              turnOff();
            }}
          >
            {words.stopCamera}
          </button>
          <button
            type="button"
            class="secondary"
            aria-pressed={isLit.value}
            onClick={() => void camera.current?.light(!isLit.value).then((can) => can && (isLit.value = !isLit.value))}
          >
            <Icon of={Flashlight} /> {words.light}
          </button>
        </div>
      )}
    </div>
  );
}
