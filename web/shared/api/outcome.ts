import type { components } from '../../../clients/typescript/schema.d.ts';

/** A field that was refused: where it is, what is wrong with it in English, and in the reader's language where a page knows better. */
export type WrongField = { readonly path: string; readonly message: string; readonly words?: string | undefined };

/** Why a request did not do what was asked, in the words of the node and of the reader's language. */
export type Problem = {
  /** Stable; switch on it. `offline`: the node was not reached. */
  readonly code: string;
  readonly title: string;
  /** What went wrong this time. The node says it in English alone. */
  readonly detail: string;
  readonly fields: readonly WrongField[];
  readonly status: number;
  /** When it makes sense to ask again; null when the node says nothing of it. */
  readonly retryAfterSeconds: number | null;
};

export type Outcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem };

type Answer<Value> = { readonly data?: Value; readonly error?: unknown; readonly response: Response };

/** Nobody answered: no network, or the node is away. Its words are the page's. */
const OFFLINE: Problem = { code: 'offline', title: '', detail: '', fields: [], status: 0, retryAfterSeconds: null };

/** How a request ends that was given up, or that nobody answered for as long as it was waited for. */
const UNANSWERED: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError']);

type ProblemBody = components['schemas']['Problem'];

const isProblem = (body: unknown): body is ProblemBody =>
  typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;

function problemOf(body: unknown, { status, headers }: Response): Problem {
  const retryAfter = Number(headers.get('retry-after'));
  const shared = { status, retryAfterSeconds: retryAfter > 0 ? retryAfter : null };
  if (!isProblem(body)) return { ...OFFLINE, ...shared, code: status >= 500 ? 'internal' : 'unknown' };
  const { code, title, detail, errors } = body;
  return { ...shared, code, title, detail, fields: errors ?? [] };
}

/** Waits for a request of the client; a refusal, and a network that is not there, are values. */
export async function outcomeOf<Value>(request: Promise<Answer<Value>>): Promise<Outcome<NonNullable<Value>>> {
  try {
    const { data, error, response } = await request;
    if (response.ok) return { ok: true, value: data as NonNullable<Value> };
    return { ok: false, problem: problemOf(error, response) };
  } catch (error) {
    if (error instanceof TypeError || (error instanceof DOMException && UNANSWERED.has(error.name))) {
      return { ok: false, problem: OFFLINE };
    }
    throw error;
  }
}

/** A value and the version of it that `If-Match` names when it is edited. */
export type Tagged<Value> = { readonly value: Value; readonly etag: string };

/** As `outcomeOf`, for what people edit: with the version that was read. */
export async function taggedOutcomeOf<Value>(
  request: Promise<Answer<Value>>,
): Promise<Outcome<Tagged<NonNullable<Value>>>> {
  let etag = '';
  const read = request.then((answer) => {
    etag = answer.response.headers.get('etag') ?? '';
    return answer;
  });
  const outcome = await outcomeOf(read);
  return outcome.ok ? { ok: true, value: { value: outcome.value, etag } } : outcome;
}
