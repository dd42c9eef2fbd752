import { Building2, CircleAlert } from 'lucide';
import type { Problem } from '../api/outcome.ts';
import { common } from '../i18n/common.ts';
import { language } from '../i18n/language.ts';
import { wrongFieldInWords } from '../i18n/wrong-fields.ts';
import { Icon } from './icon.tsx';

/** The node titles a problem in the reader's language, and says the particulars in English; those of fields are said below. */
function wordsOf({ code, title, detail, fields }: Problem): { readonly title: string; readonly detail: string } {
  if (code === 'offline') return { title: common().offlineTitle, detail: common().offline };
  if (title === '') return { title: common().internalTitle, detail: common().internal };
  return { title, detail: language.value === 'en' && fields.length === 0 ? detail : title };
}

/** Why something did not work, in the reader's language, and what to do about it. */
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
