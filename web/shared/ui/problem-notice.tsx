import { Building2, CircleAlert } from 'lucide';
import type { Problem } from '../api/outcome.ts';
import { problemInWords } from '../api/problem-words.ts';
import { common } from '../i18n/common.ts';
import { language } from '../i18n/language.ts';
import { wrongFieldInWords } from '../i18n/wrong-fields.ts';
import { Icon } from './icon.tsx';

/** Why something did not work, in the reader's language, and what to do about it. */
export function ProblemNotice({ problem, onRetry }: { readonly problem: Problem; readonly onRetry?: () => unknown }) {
  const { title, detail } = problemInWords(problem);
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
            {problem.fields.map(({ path, message, words }) => (
              <li key={`${path} ${message}`}>{words ?? wrongFieldInWords(path, message, language.value)}</li>
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
