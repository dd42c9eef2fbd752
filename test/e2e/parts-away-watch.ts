import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, DemoFailure, type Answer } from '../../tools/demo/answered.ts';

/** What is asked of the product all the time while parts of it are away. */
export const QUESTIONS = ['price', 'sale at the desk', 'scan', 'picture shown', 'picture sent'] as const;
export type Question = (typeof QUESTIONS)[number];

export type Tally = {
  readonly question: Question;
  readonly asked: number;
  /** Not answered with what was asked for. */
  readonly failed: number;
  /** How many of the failed were not told so: no answer, or one that does not say what is wrong and when to come again. */
  readonly unclear: number;
  /** From the moment the part was back to the first good answer after the last failure; 0 when none failed. */
  readonly recoveryMs: number;
};

/** No visitor waits longer for an answer. The file store alone may be given 20 s. */
const PATIENCE_MS = 10_000;
const PATIENCE_WITH_PICTURES_MS = 25_000;
const PAUSE_MS = 200;
/** A question that is repeated must be answered within this time, whatever is away. */
const LIMIT_MS = 90_000;

type Noted = { readonly question: Question; readonly atMs: number; readonly ok: boolean; readonly clear: boolean };

const isClear = ({ response, error }: Answer): boolean =>
  response.status === 503 && codeOf(error) !== null && response.headers.get('retry-after') !== null;

export class Watch {
  readonly #noted: Noted[] = [];

  /** Asks once. @returns null when there was no answer */
  async ask<Good extends Answer>(
    question: Question,
    call: (signal: AbortSignal) => Promise<Good>,
  ): Promise<Good | null> {
    let answer: Good | null = null;
    try {
      const patienceMs = question.startsWith('picture') ? PATIENCE_WITH_PICTURES_MS : PATIENCE_MS;
      answer = await call(AbortSignal.timeout(patienceMs));
    } catch {
      // No answer is noted like a bad one.
    }
    const ok = answer !== null && answer.response.status < 500;
    this.#noted.push({ question, atMs: Date.now(), ok, clear: answer !== null && isClear(answer) });
    return answer;
  }

  /** Asks until it is answered for good. Only for what carries its own key. */
  async settle<Good extends Answer>(question: Question, call: (signal: AbortSignal) => Promise<Good>): Promise<Good> {
    for (const endAt = Date.now() + LIMIT_MS; Date.now() < endAt; await sleep(PAUSE_MS)) {
      const answer = await this.ask(question, call);
      const isOver = answer !== null && answer.response.status < 500;
      if (isOver && codeOf(answer.error) !== 'idempotency_key_in_flight') return answer;
    }
    throw new DemoFailure(`${question}: not answered in ${LIMIT_MS / 1000} s`);
  }

  /** What happened from one moment on, with a part that was back at another. */
  since(fromMs: number, backMs: number): readonly Tally[] {
    return QUESTIONS.map((question) => {
      const seen = this.#noted.filter((one) => one.question === question && one.atMs >= fromMs);
      const failures = seen.filter(({ ok }) => !ok);
      const lastMs = failures.at(-1)?.atMs;
      const again = lastMs === undefined ? backMs : seen.find(({ ok, atMs }) => ok && atMs >= lastMs)?.atMs;
      return {
        question,
        asked: seen.length,
        failed: failures.length,
        unclear: failures.filter(({ clear }) => !clear).length,
        recoveryMs: Math.max(0, (again ?? Number.POSITIVE_INFINITY) - backMs),
      };
    });
  }
}

export type Going = {
  /** Waits for the round under way. Rejects with the fault that ended it. */
  end(): Promise<void>;
};

/** Does something again and again, with a pause between. */
export function keepGoing(pauseMs: number, round: () => Promise<void>): Going {
  let isEnough = false;
  const going = (async () => {
    while (!isEnough) {
      await round();
      await sleep(pauseMs);
    }
  })();
  going.catch(() => undefined);
  return {
    end() {
      isEnough = true;
      return going;
    },
  };
}
