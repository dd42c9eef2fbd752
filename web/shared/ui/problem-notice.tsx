import { CircleAlert } from 'lucide';
import type { Problem } from '../api/outcome.ts';
import { common } from '../i18n/common.ts';
import { Icon } from './icon.tsx';

function wordsOf({ code, title, detail }: Problem): { readonly title: string; readonly detail: string } {
  if (code === 'offline') return { title: common().offlineTitle, detail: common().offline };
  if (title === '') return { title: common().internalTitle, detail: common().internal };
  return { title, detail };
}

/** Why something did not work, in the words of the node, and what to do about it. */
export function ProblemNotice({ problem, onRetry }: { readonly problem: Problem; readonly onRetry?: () => unknown }) {
  const { title, detail } = wordsOf(problem);
  return (
    <div class="notice bad" role="alert">
      <Icon of={CircleAlert} />
      <div class="words">
        <p>
          <strong>{title}</strong>
        </p>
        {detail !== title && <p>{detail}</p>}
        {problem.fields.length > 0 && (
          <ul>
            {problem.fields.map(({ path, message }) => (
              <li key={`${path} ${message}`}>{message}</li>
            ))}
          </ul>
        )}
        {onRetry !== undefined && (
          <button type="button" class="secondary" onClick={() => void onRetry()}>
            {common().retry}
          </button>
        )}
      </div>
    </div>
  );
}
