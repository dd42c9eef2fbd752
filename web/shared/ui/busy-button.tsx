import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

type Props = {
  readonly children: ComponentChildren;
  readonly onPress: () => Promise<unknown>;
  readonly class?: string;
  readonly disabled?: boolean;
};

/** A button that shows its work going on and cannot be pressed a second time meanwhile. */
export function BusyButton({ children, onPress, class: look, disabled = false }: Props) {
  const isBusy = useSignal(false);
  const press = async (): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    await onPress().finally(() => (isBusy.value = false));
  };
  return (
    <button type="button" class={look} disabled={disabled} aria-busy={isBusy.value} onClick={() => void press()}>
      {children}
    </button>
  );
}
