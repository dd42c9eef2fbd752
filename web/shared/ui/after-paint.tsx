import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

/** Draws what it holds once the rest is on the screen: a slow phone shows what is on top first, and can be scrolled meanwhile. */
export function AfterPaint({ children }: { readonly children: ComponentChildren }) {
  const isPainted = useSignal(false);
  useEffect(() => void (isPainted.value = true), []);
  return isPainted.value ? <>{children}</> : null;
}
