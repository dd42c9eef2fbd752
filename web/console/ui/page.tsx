import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Whether the reader has gone from one page to another: the first one does not take the focus. */
export const hasMoved = signal(false);

type Props = {
  readonly title: string;
  /** What can be done on the page as a whole. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
};

/** A page under its heading, which gets the focus when the reader came here from another page. */
export function Page({ title, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Sky Park`;
  }, [title]);
  useEffect(() => {
    if (hasMoved.peek()) heading.current?.focus();
  }, []);
  return (
    <div class="stack page">
      <div class="row spread page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions !== undefined && <div class="row">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
