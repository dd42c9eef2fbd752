import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { common } from '../i18n/common.ts';

type Props = { readonly title: string; readonly onClose: () => unknown; readonly children: ComponentChildren };

/**
 * Something that is answered before the page goes on. It is there as long as it is drawn; Escape closes it. The focus goes back to
 * where it was before.
 */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const isDrawn = useRef(true);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      // It is still in the page; taken out of it while it is open, it would leave the focus nowhere.
      isDrawn.current = false;
      shown?.close();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={() => void (isDrawn.current && onClose())}>
      <article>
        <header>
          <button type="button" class="close" aria-label={common().close} onClick={() => dialog.current?.close()} />
          <h2 id={id}>{title}</h2>
        </header>
        {children}
      </article>
    </dialog>
  );
}
