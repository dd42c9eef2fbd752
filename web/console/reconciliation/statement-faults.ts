import type { Problem, WrongField } from '../../shared/api/outcome.ts';
import type { AppTexts } from '../texts/app-texts.ts';

type Words = AppTexts['reconciliation'];

const LINE_FAULT = /\b(reference|amount|fee|day)\b/;

/** What is wrong with a line of a statement, of which the node says so in English. */
export function lineFaultInWords(message: string, { lineFaults }: Pick<Words, 'lineFaults'>): string {
  const [, part = ''] = LINE_FAULT.exec(message) ?? [];
  return Object.entries(lineFaults).find(([name]) => name === part)?.[1] ?? lineFaults.other;
}

const FILE_FAULTS: readonly (readonly [RegExp, 'empty' | 'headOnly' | 'spreadsheet' | 'noText' | 'noHead'])[] = [
  [/empty file/, 'empty'],
  [/head and no lines/, 'headOnly'],
  [/spreadsheet/, 'spreadsheet'],
  [/is no text/, 'noText'],
  [/no head$/, 'noHead'],
];
const COLUMNS = /^has no column (.+?), but (.+)$/;

function wordsOf({ path, message }: WrongField, { fileFaults }: Pick<Words, 'fileFaults'>): string | undefined {
  if (path === 'kind_column') return fileFaults.kind;
  if (path === 'fee_percent') return fileFaults.fee;
  const fault = FILE_FAULTS.find(([pattern]) => pattern.test(message))?.[1];
  if (fault !== undefined) return fileFaults[fault];
  const [, missing, found] = COLUMNS.exec(message) ?? [];
  return missing === undefined || found === undefined ? undefined : fileFaults.columns(missing, found);
}

/** Why a statement was not taken, with what is wrong with its file in the reader's language. */
export function importProblemInWords(problem: Problem, words: Pick<Words, 'fileFaults'>): Problem {
  const fields = problem.fields.map((field) => ({ ...field, words: wordsOf(field, words) }));
  return { ...problem, fields };
}
