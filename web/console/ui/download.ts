import { say } from '../../shared/ui/toasts.tsx';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { texts } from '../texts/texts.ts';
import { sayProblem } from './say-problem.ts';

/** Asks the node for a file in place of JSON. */
export const AS_FILE = { headers: { accept: 'text/csv' }, parseAs: 'blob' } as const;

/** What the client answers when it is asked for a file. */
export type FileAnswer = Promise<{ readonly data?: unknown; readonly error?: unknown; readonly response: Response }>;

/**
 * Saves what a request answers as a file of the reader's device. A link could not carry the token.
 * @param asked a request with `parseAs: 'blob'`
 */
export async function download(asked: FileAnswer, name: string): Promise<void> {
  const answer = await outcomeOf(asked);
  if (!answer.ok) return sayProblem(answer.problem);
  if (!(answer.value instanceof Blob)) return say(texts().table.notSaved, 'bad');
  const url = URL.createObjectURL(answer.value);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold of the bytes by the next turn of the page's loop.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
