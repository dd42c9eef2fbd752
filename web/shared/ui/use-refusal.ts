import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../api/outcome.ts';
import { problemInWords } from '../api/problem-words.ts';
import { say } from './toasts.tsx';

/**
 * Why something did not work, for the place where it was asked for; in passing where that was closed meanwhile.
 * @returns the problem to show, null for none, and how to tell what became of it
 */
export function useRefusal(): readonly [problem: Signal<Problem | null>, tell: (refusal: Problem | null) => void] {
  const problem = useSignal<Problem | null>(null);
  const isHere = useRef(true);
  useEffect(() => () => void (isHere.current = false), []);
  const tell = (refusal: Problem | null): void => {
    problem.value = refusal;
    if (refusal !== null && !isHere.current) say(problemInWords(refusal).title, 'bad');
  };
  return [problem, tell];
}
