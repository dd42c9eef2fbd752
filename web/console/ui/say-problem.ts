import type { Problem } from '../../shared/api/outcome.ts';
import { problemInWords } from '../../shared/api/problem-words.ts';
import { say } from '../../shared/ui/toasts.tsx';

/** Says in passing why something did not work that has no place of its own on the page. */
export const sayProblem = (problem: Problem): void => say(problemInWords(problem).detail, 'bad');
