import type { Contender, Run } from './contest.ts';
import type { CpuMeter } from './cpu.ts';
import type { LoadAnswer, LoadQuestion } from './http-load.ts';
import { startWorker, type Worker } from './worker.ts';

/** A process that sends requests over HTTP, outside of what it measures. */
export type Load = Worker<LoadQuestion, LoadAnswer>;

export const startLoad = (): Load => startWorker(new URL('./http-load.ts', import.meta.url));

/** What is asked, by a process or several, and who works for the answer. */
export type Target = {
  readonly ports: readonly number[];
  readonly processes: Readonly<Record<string, CpuMeter>>;
};

export type Traffic = Pick<LoadQuestion, 'method' | 'tokens' | 'keyed' | 'most'> & {
  /** The status that every answer has to have: a refusal is cheaper, so a run with one measures nothing. */
  readonly due: number;
  /** What is asked in the next run. */
  next(): Pick<LoadQuestion, 'paths' | 'bodies'>;
};

/** Sends a run's requests. @throws when an answer was another one than is due */
export async function send(load: Load, name: string, question: LoadQuestion, due: number): Promise<LoadAnswer> {
  const answer = await load.ask(question);
  if (answer.statuses[due] !== answer.operations) {
    throw new Error(`${name} answered ${JSON.stringify(answer.statuses)}`);
  }
  return answer;
}

/** Clients that each repeat a request. @param each how many operations one request is */
export const httpContender = (
  name: string,
  load: Load,
  { ports, processes }: Target,
  { due, next, ...traffic }: Traffic,
  each = 1,
): Contender => ({
  name,
  processes,
  async run(seconds): Promise<Run> {
    const {
      operations,
      seconds: took,
      p50Ms,
      p99Ms,
      mostMs,
    } = await send(load, name, { ports, seconds, ...traffic, ...next() }, due);
    return { operations: operations * each, seconds: took, p50Ms, p99Ms, mostMs };
  },
});

/** Ends what was opened, the newest first, also when one of them fails. */
export class Closers {
  readonly #closers: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#closers.unshift(close);
  }

  /** Keeps something that has to be stopped. */
  keep<Thing extends { stop(): Promise<void> }>(thing: Thing): Thing {
    this.add(() => thing.stop());
    return thing;
  }

  async close(): Promise<void> {
    for (const close of this.#closers) await close();
  }
}
