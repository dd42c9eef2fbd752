import type { Problem } from '../../shared/api/outcome.ts';
import { fieldText } from '../../shared/ui/field-text.ts';
import { texts } from '../texts/texts.ts';

/** What was typed into a field, without spaces around it. */
export const fieldOf = (fields: FormData, name: string): string => fieldText(fields, name).trim();

/** A problem with fields in the reader's language: the node names them for programs. */
export function inOurWords(problem: Problem): Problem {
  const words: Readonly<Record<string, string>> = texts().wrongFields;
  const fields = problem.fields.map((field) => ({ ...field, words: words[field.path] }));
  return { ...problem, fields };
}
