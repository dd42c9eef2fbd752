import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { texts } from '../texts/texts.ts';

type Props = { readonly until: string; readonly onOver: () => unknown };

const secondsTo = (until: string): number => Math.max(0, Math.round((Date.parse(until) - Date.now()) / 1_000));

/** How long something still holds, by minutes and seconds; screen readers are not told each second. */
export function TimeLeft({ until, onOver }: Props) {
  const left = useSignal(secondsTo(until));
  useEffect(() => {
    let wasOver = secondsTo(until) === 0;
    const timer = setInterval(() => {
      left.value = secondsTo(until);
      if (left.value > 0 || wasOver) return;
      wasOver = true;
      void onOver();
    }, 1_000);
    return () => clearInterval(timer);
  }, [until]);
  const minutes = Math.floor(left.value / 60);
  const seconds = String(left.value % 60).padStart(2, '0');
  return (
    <span class={left.value < 120 ? 'badge warn' : 'badge'} role="timer" aria-live="off">
      {texts().pay.left(`${minutes}:${seconds}`)}
    </span>
  );
}
