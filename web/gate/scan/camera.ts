import { createDecoder, type Decoder } from './decoder.ts';

export type CameraProblem = 'denied' | 'missing' | 'failed';

/** Between two looks at the camera: a code that is held up is seen within a fifth of a second, and the phone stays cool. */
const LOOK_EVERY_MS = 120;

const problemOf = (error: unknown): CameraProblem => {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'failed';
};

async function openStream(): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) throw new DOMException('no camera here', 'NotFoundError');
  return navigator.mediaDevices.getUserMedia({
    video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
    audio: false,
  });
}

export type Camera = {
  stop(): void;
  /** Turns the lamp on or off; false where the camera has none. */
  light(on: boolean): Promise<boolean>;
};

const stopAll = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop();
};

/**
 * Shows the camera and tells of every code that it sees, again and again while it sees it.
 * @param onCode is waited for before the next look
 * @param isWanted whether anybody still waits for it, once it is here
 * @returns null when nobody does: then it is off again
 */
export async function startCamera(
  video: HTMLVideoElement,
  onCode: (code: string) => Promise<unknown>,
  isWanted: () => boolean,
): Promise<Camera | CameraProblem | null> {
  let stream: MediaStream | null = null;
  let decoder: Decoder;
  try {
    stream = await openStream();
    decoder = await createDecoder();
    if (isWanted()) {
      video.srcObject = stream;
      await video.play();
    }
  } catch (error) {
    if (stream !== null) stopAll(stream);
    return isWanted() ? problemOf(error) : null;
  }
  if (!isWanted()) {
    decoder.close();
    stopAll(stream);
    return null;
  }
  const stopLooking = look(video, decoder, onCode);
  const [track] = stream.getVideoTracks();
  return {
    stop() {
      stopLooking();
      decoder.close();
      stopAll(stream);
      video.srcObject = null;
    },
    async light(on) {
      try {
        await track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
        return track !== undefined && 'torch' in track.getCapabilities();
      } catch {
        return false;
      }
    },
  };
}

function look(video: HTMLVideoElement, decoder: Decoder, onCode: (code: string) => Promise<unknown>): () => void {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const once = async (): Promise<void> => {
    const code = document.visibilityState === 'visible' ? await decoder.decode(video).catch(() => null) : null;
    // One answer that cannot be given is no reason to stop looking.
    if (code !== null && code !== '' && !isOver) await onCode(code).catch(reportError);
    if (!isOver) timer = setTimeout(() => void once(), LOOK_EVERY_MS);
  };
  void once();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
