import type { ComponentChildren } from 'preact';
import type { Loading } from '../../shared/api/use-load.ts';

type Props = {
  readonly label: string;
  readonly value: ComponentChildren;
  /** What stands below it, smaller. */
  readonly children?: ComponentChildren;
};

/** Stands where a figure will be, so that nothing jumps when it is here. */
export const COMING = '…';

/** What is shown of something that is loaded: a sign in its place before it is here, and another where it cannot be had. */
export function figureOf<Value>(
  { value, problem }: Loading<Value>,
  shown: (value: Value) => ComponentChildren,
): ComponentChildren {
  if (value !== null) return shown(value);
  return problem === null ? COMING : '–';
}

/** One figure that matters, with what it counts. */
export const Figure = ({ label, value, children }: Props) => (
  <div class="card figure">
    <p class="muted">{label}</p>
    <p class="figure-value">{value}</p>
    {children}
  </div>
);
