import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ArrowLeft } from 'lucide';
import { Icon } from '../../shared/ui/icon.tsx';

type Props = {
  readonly title: string;
  /** Where one comes from, with its name. */
  readonly back?: { readonly href: string; readonly label: string };
  /** Pages that are read, not looked over, are narrow. */
  readonly narrow?: boolean;
  readonly children: ComponentChildren;
};

let isFirstPage = true;

/** A page: its title in the window and as its heading, which takes the focus when one comes from another page. */
export function Page({ title, back, narrow = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => void (document.title = `${title} · Sky Park`), [title]);
  useLayoutEffect(() => {
    if (!isFirstPage) heading.current?.focus({ preventScroll: true });
    isFirstPage = false;
  }, []);
  return (
    <div class={narrow ? 'page narrow' : 'page'}>
      {back !== undefined && (
        <a class="back-link" href={back.href}>
          <Icon of={ArrowLeft} />
          {back.label}
        </a>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}
