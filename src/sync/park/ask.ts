import type { Static, TSchema } from 'typebox';
import type { PostPacked } from '../../infrastructure/outgoing-http/post-packed.ts';
import { compileValidator } from '../../infrastructure/http/validation.ts';
import { plainSchema, isRecord } from '../../infrastructure/http/json-schema.ts';
import { SESSION_HEADER } from '../protocol/limits.ts';
import { isGenuine, type Kind } from '../protocol/signing.ts';

export type Asked<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** Headquarters does not know our session, or our key. */
  | { readonly kind: 'refused'; readonly code: string }
  /** No answer that can be believed. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Makes a function that asks headquarters, in a session where there is one, and reads the answer by its schema. */
export function createAsk<Schema extends TSchema>(answer: Schema) {
  const faultsOf = compileValidator(plainSchema(answer));
  return async (post: PostPacked, path: string, body: object, session?: string): Promise<Asked<Static<Schema>>> => {
    const headers = session === undefined ? {} : { [SESSION_HEADER]: session };
    const posted = await post(`/sync/v1${path}`, body, headers);
    if (posted.kind === 'failed') return posted;
    const { status, value } = posted;
    const code = isRecord(value) && typeof value['code'] === 'string' ? value['code'] : null;
    if (status === 403 && code !== null) return { kind: 'refused', code };
    if (status !== 200) return { kind: 'failed', reason: `status ${status}${code === null ? '' : ` ${code}`}` };
    const [fault] = faultsOf(value) ?? [];
    if (fault !== undefined) return { kind: 'failed', reason: `answer: ${fault.path} ${fault.message}` };
    return { kind: 'answer', answer: value as Static<Schema> };
  };
}

/** Why an answer is not believed that another key has signed than the one we know. */
export const ANOTHER_KEY = 'the answer was not signed by the headquarters that we know';

type Proof = {
  readonly kind: Kind;
  readonly publicKey: string;
  /** What we sent along: an answer to something else is none. */
  readonly nonce: string;
};

/** The same answer, if headquarters signed it and it is to what was asked. */
export async function proven<Answer extends { readonly nonce: string; readonly signature: string }>(
  asked: Asked<Answer>,
  { kind, publicKey, nonce }: Proof,
): Promise<Asked<Answer>> {
  if (asked.kind !== 'answer') return asked;
  const isGood = asked.answer.nonce === nonce && (await isGenuine(kind, asked.answer, publicKey));
  return isGood ? asked : { kind: 'failed', reason: ANOTHER_KEY };
}
