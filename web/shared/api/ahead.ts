import type { Outcome } from './outcome.ts';

export type Ahead<Value> = {
  /** Asks now, for the page that will ask soon. */
  readonly early: (id: string) => void;
  /** The answer to the early question, once; later, and where there was none, a new one. */
  readonly ask: (id: string) => Promise<Outcome<Value>>;
};

/** A question that can be asked before the script of the page is here that shows its answer. */
export function createAhead<Value>(ask: (id: string) => Promise<Outcome<Value>>): Ahead<Value> {
  const answers = new Map<string, Promise<Outcome<Value>>>();
  return {
    early: (id) => void answers.set(id, ask(id)),
    ask: (id) => {
      const answer = answers.get(id) ?? ask(id);
      answers.delete(id);
      return answer;
    },
  };
}
