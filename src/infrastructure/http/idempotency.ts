import { createHash } from 'node:crypto';
import { errorEntry } from './error-table.ts';
import { isRecord } from './json-schema.ts';
import type { RouteReply } from './route.ts';

/** A key belongs to one principal and one route: the same text from somebody else, or elsewhere, is another key. */
export type IdempotencyScope = {
  readonly principalId: string;
  /** Method and path template: `POST /api/v1/tickets`. */
  readonly route: string;
  readonly key: string;
};

/** An answer as it is kept and given again. `body` is the exact text that was sent. */
export type StoredAnswer = {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

export type IdempotencyBegin =
  | { readonly kind: 'fresh' }
  | ({ readonly kind: 'replay' } & StoredAnswer)
  | { readonly kind: 'in_flight' }
  | { readonly kind: 'mismatch' };

/**
 * Remembers answers by idempotency key, for at least 24 hours. `begin` claims the key; whoever was told `fresh` must
 * `complete` or `release` it. A claim that is neither after the lease of the store (its owner died) is given to the next
 * caller with the same fingerprint: the effects themselves are deduplicated by command id, so the work resumes.
 */
export type IdempotencyStore = {
  begin(request: {
    readonly scope: IdempotencyScope;
    readonly fingerprint: string;
    readonly nowMs: number;
  }): Promise<IdempotencyBegin>;
  /** Keeps the answer. The first one stays: completing again changes nothing. */
  complete(scope: IdempotencyScope, answer: StoredAnswer): Promise<void>;
  /** Gives the key back after an answer that is not definite. A kept answer stays. */
  release(scope: IdempotencyScope): Promise<void>;
};

const VISIBLE = /^[\x21-\x7e]{1,255}$/;
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

/**
 * The key of an `Idempotency-Key` header: a structured string (RFC 9651, 3.3.3) or the bare text, 1 to 255 visible ASCII
 * characters. Null when it is neither.
 */
export function parseIdempotencyKey(header: string): string | null {
  const text = header.trim();
  const quoted = QUOTED.exec(text)?.[1]?.replaceAll(/\\(["\\])/g, '$1');
  const key = quoted ?? (text.startsWith('"') ? '' : text);
  return VISIBLE.test(key) ? key : null;
}

/** JSON with the members of every object in one order, so that equal values have equal texts. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((name) => [name, canonical(value[name])]),
  );
}

/** SHA-256, in hex, of what makes two requests the same one: route, params, query and body, whatever their spelling. */
export function requestFingerprint(
  route: string,
  params: unknown,
  query: unknown,
  body: unknown,
  bytes: Buffer | undefined,
): string {
  const hash = createHash('sha256').update(
    JSON.stringify([route, canonical(params), canonical(query), canonical(body)]),
  );
  if (body === undefined && bytes !== undefined) hash.update('\0').update(bytes);
  return hash.digest('hex');
}

const DEFINITE_REFUSALS: readonly number[] = [403, 404, 409, 410];

/** Whether an answer is final: success that is not marked otherwise, or a refusal that a repeat of the same request would meet again. */
export function isDefinite(reply: RouteReply): boolean {
  if (!('problem' in reply)) return reply.keep !== false && reply.status >= 200 && reply.status < 300;
  const { status, transient } = errorEntry(reply.problem);
  return DEFINITE_REFUSALS.includes(status) && transient !== true;
}
