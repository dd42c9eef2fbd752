import { setTimeout as sleep } from 'node:timers/promises';

/** The product did something else than it says it does. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}

/** What an answer must have to be judged. `error` is the body of a refusal. */
export type Answer = { readonly error?: unknown; readonly response: Response };

export type Patience = {
  /** How long a step is repeated before the product counts as gone. */
  readonly limitMs: number;
  /** Told of every call that has to be repeated. */
  readonly onRepeat: (why: string) => void;
};

/** Why calls were repeated, and how often. */
export type Reasons = Map<string, number>;

export const renderReasons = (reasons: Reasons): string =>
  [...reasons].map(([why, times]) => `${times} × ${why}`).join(', ') || 'none';

/** Longest wait for one answer; a server that died silently must not hold anybody longer. */
const CALL_LIMIT_MS = 20_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;

/** What a sign-in answered, of an account without a second factor. */
export function admitted<Body extends object>(body: Body): Exclude<Body, { readonly challenge: string }> {
  if ('challenge' in body) throw new DemoFailure('a second factor is asked for, though none was set up');
  return body as Exclude<Body, { readonly challenge: string }>;
}

/** The stable code of a refusal, or null. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Why a call got no answer: the connection was refused, broken, or silent for too long. Null: it is another error. */
function connectionTrouble(error: unknown): string | null {
  if (error instanceof DOMException) return /^(Timeout|Abort)Error$/.test(error.name) ? 'silence' : null;
  if (!(error instanceof TypeError) || !/^(fetch failed|terminated)$/.test(error.message)) return null;
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}

/** Answers that say "later": they settle nothing. */
function isPassing({ error, response }: Answer): boolean {
  if (response.status === 503 || response.status === 429) return true;
  return response.status === 409 && codeOf(error) === 'idempotency_key_in_flight';
}

/**
 * Repeats a call until it is answered for good. Only for calls that are harmless to repeat: those that read, and those that
 * carry their own key.
 */
export async function answered<Good extends Answer>(
  what: string,
  { limitMs, onRepeat }: Patience,
  call: (signal: AbortSignal) => Promise<Good>,
): Promise<Good & { readonly repeated: boolean }> {
  const giveUpAt = Date.now() + limitMs;
  const reasons: Reasons = new Map();
  for (let pauseMs = FIRST_PAUSE_MS, repeated = false; ; repeated = true) {
    let why: string;
    try {
      const answer = await call(AbortSignal.timeout(CALL_LIMIT_MS));
      if (!isPassing(answer)) return { ...answer, repeated };
      why = `${answer.response.status} ${codeOf(answer.error) ?? ''}`.trim();
    } catch (error) {
      const trouble = connectionTrouble(error);
      if (trouble === null) throw error;
      why = trouble;
    }
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
    if (Date.now() > giveUpAt)
      throw new DemoFailure(`${what}: no answer in ${limitMs / 1000} s: ${renderReasons(reasons)}`);
    onRepeat(why);
    await sleep(pauseMs * (0.5 + Math.random()));
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
  }
}

/** The body of an answer with the status that was due. @throws DemoFailure with what came instead */
export function bodyOf<Body>(what: string, status: number, answer: Answer & { readonly data?: Body }): Body {
  const { data, error, response } = answer;
  if (response.status !== status || data === undefined) {
    const said = JSON.stringify(error ?? data ?? null);
    throw new DemoFailure(`${what}: expected ${status}, got ${response.status} ${said}`);
  }
  return data;
}

export function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new DemoFailure(otherwise);
}

/** Asks until `look` finds something; reads may come before what they wait for has happened. */
export async function eventually<Found>(
  what: string,
  limitMs: number,
  look: () => Promise<Found | null>,
): Promise<Found> {
  const giveUpAt = Date.now() + limitMs;
  for (let pauseMs = 25; ; pauseMs = Math.min(500, pauseMs * 1.5)) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > giveUpAt) throw new DemoFailure(`${what}: not within ${limitMs / 1000} s`);
    await sleep(pauseMs);
  }
}
