import { useEffect, useRef } from 'preact/hooks';

const FIRST_MS = 2_000;
const LONGEST_MS = 15_000;
const GROWTH = 1.3;

/** The waits between looks: often in the beginning, when most payments arrive, and then less and less. */
export const waitBefore = (look: number): number => Math.min(LONGEST_MS, Math.round(FIRST_MS * GROWTH ** look));

/** Looks again and again while `isOn`. A hidden page rests, and looks at once when it is seen again. */
export function usePoll(look: () => Promise<unknown>, isOn: boolean): void {
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    if (!isOn) return undefined;
    let looks = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = (): void => {
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(() => void run(), waitBefore(looks));
    };
    const run = async (): Promise<void> => {
      looks += 1;
      await latest.current();
      if (timer !== undefined) next();
    };
    const seen = (): void => {
      clearTimeout(timer);
      looks = 0;
      if (!document.hidden) timer = setTimeout(() => void run(), 0);
    };
    next();
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearTimeout(timer);
      timer = undefined;
      document.removeEventListener('visibilitychange', seen);
    };
  }, [isOn]);
}
