import type { Loading } from '../../shared/api/use-load.ts';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';

/** Why something could not be loaded, if so. */
export const ProblemOf = ({ of: { problem, reload } }: { readonly of: Loading<unknown> }) =>
  problem === null ? null : <ProblemNotice problem={problem} onRetry={reload} />;
