import type { ComponentChildren } from 'preact';
import type { Loading } from '../api/use-load.ts';
import { common } from '../i18n/common.ts';
import { ProblemNotice } from './problem-notice.tsx';

type Props<Value> = {
  readonly of: Loading<Value>;
  readonly children: (value: Value) => ComponentChildren;
  /** How much room is kept while nothing is there. */
  readonly skeletons?: number;
};

/** What was loaded; before that its outline, and where it failed why, with what was there before below it. */
export function Loaded<Value>({ of: { value, problem, isLoading, reload }, children, skeletons = 1 }: Props<Value>) {
  return (
    <>
      {problem !== null && <ProblemNotice problem={problem} onRetry={reload} />}
      {value === null && isLoading && (
        <div class="stack" aria-busy="true">
          <span class="visually-hidden" role="status">
            {common().loading}
          </span>
          {Array.from({ length: skeletons }, (_, index) => (
            <span key={index} class="skeleton tall" />
          ))}
        </div>
      )}
      {value !== null && children(value)}
    </>
  );
}
