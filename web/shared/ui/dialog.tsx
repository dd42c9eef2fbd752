import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { common } from '../i18n/common.ts';

type Props = { readonly title: string; readonly onClose: () => unknown; readonly children: ComponentChildren };

/** Something that is answered before the page goes on. It is there as long as it is drawn; Escape closes it. */
export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={() => void onClose()}>
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
