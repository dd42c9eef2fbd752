import { Building2, CircleAlert } from 'lucide';
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
  // Nothing is broken, and trying again here changes nothing.
  const isElsewhere = problem.code === 'hq_only';
  return (
    <div class={isElsewhere ? 'notice' : 'notice bad'} role={isElsewhere ? 'note' : 'alert'}>
      <Icon of={isElsewhere ? Building2 : CircleAlert} />
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
        {onRetry !== undefined && !isElsewhere && (
          <button type="button" class="secondary" onClick={() => void onRetry()}>
            {common().retry}
          </button>
        )}
      </div>
    </div>
  );
}
