import type { ComponentChildren } from 'preact';

type Props = {
  readonly label: string;
  readonly value: ComponentChildren;
  /** What stands below it, smaller. */
  readonly children?: ComponentChildren;
};

/** One figure that matters, with what it counts. */
export const Figure = ({ label, value, children }: Props) => (
  <div class="card figure">
    <p class="muted">{label}</p>
    <p class="figure-value">{value}</p>
    {children}
  </div>
);
