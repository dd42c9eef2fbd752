import { useSignal, useSignalEffect } from '@preact/signals';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { language } from '../i18n/language.ts';
import { isOnline } from '../pwa/register.ts';
import type { Outcome, Problem } from './outcome.ts';

export type Loading<Value> = {
  /** What was loaded last; null before the first time. It stays while it is loaded anew. */
  readonly value: Value | null;
  /** Why the last try failed; null when it did not. */
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  readonly reload: () => Promise<void>;
};

/**
 * Loads what a part of a page shows: at once, when one of `inputs` changes, in another language when the reader chooses one, and
 * when the network is back that was missing.
 * An answer that comes after a newer question is dropped. What is shown stays until the answer is here; where that fails, what
 * other inputs had brought goes.
 */
export function useLoad<Value>(load: () => Promise<Outcome<Value>>, inputs: readonly unknown[]): Loading<Value> {
  const state = useSignal<Omit<Loading<Value>, 'reload'>>({ value: null, problem: null, isLoading: true });
  const newest = useRef(0);
  /** Counts the inputs that were, and says for which of them the value is. */
  const inputsNow = useRef(0);
  const inputsOfValue = useRef(0);
  const latest = useRef(load);
  latest.current = load;
  const reload = useCallback(async (): Promise<void> => {
    const question = ++newest.current;
    const askedFor = inputsNow.current;
    state.value = { ...state.peek(), isLoading: true };
    const outcome = await latest.current();
    if (question !== newest.current) return;
    if (outcome.ok) {
      inputsOfValue.current = askedFor;
      state.value = { value: outcome.value, problem: null, isLoading: false };
      return;
    }
    const value = inputsOfValue.current === askedFor ? state.peek().value : null;
    state.value = { value, problem: outcome.problem, isLoading: false };
  }, []);
  const first = useRef(true);
  useEffect(() => {
    inputsNow.current += 1;
    void reload();
  }, inputs);
  useSignalEffect(() => {
    void language.value;
    if (first.current) first.current = false;
    else void reload();
  });
  useSignalEffect(() => {
    if (isOnline.value && state.peek().problem?.code === 'offline') void reload();
  });
  return { ...state.value, reload };
}
