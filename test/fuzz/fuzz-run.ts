import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { ManualClock } from '../../src/infrastructure/clock.ts';
import { isRecord } from '../../src/infrastructure/http/json-schema.ts';
import { SESSION_ENDING } from '../e2e/contract-requests.ts';
import type { Caller, World } from '../e2e/contract-world.ts';
import { readOperations, requestsTo, type Draft } from './operations.ts';
import { createKnownIds, type KnownIds } from './known-ids.ts';
import { withIds } from './values.ts';

/** What ends the sessions of those who ask: by known ids `endSession` hits its own caller soon. */
const ENDING: ReadonlySet<string> = new Set([...SESSION_ENDING, 'endSession']);

/** Longer than this no request may take, however busy the machine is. */
const HANG_MS = 20_000;
const BATCH = 400;
/** How far the clock of the product goes on with each request. */
const STEP_MS = 10;
/** Access tokens live ten minutes. */
const RENEW_EVERY = 40_000;

export type Violation = { readonly what: string; readonly request: string };

export type FuzzReport = {
  readonly requests: number;
  readonly operations: number;
  /** Operations that were answered with success at least once. */
  readonly succeeded: number;
  /** The others. */
  readonly never: readonly string[];
  readonly byStatus: Readonly<Record<string, number>>;
  readonly slowest: readonly { readonly operation: string; readonly ms: number }[];
  readonly violations: readonly Violation[];
};

type Plan = {
  readonly world: World;
  readonly clock: ManualClock;
  readonly requests: number;
  readonly seed: number;
  /** How many requests are under way at once. */
  readonly hands: number;
};

type Sent = { readonly url: string; readonly init: RequestInit; readonly words: string };

const VISIBLE = /[^\u0020-\u007E\u00A0-\u00FF]/g;
const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
const isOwnWords = (value: string): boolean => value === '.' || value === '..' || value === '';

/** A draft as a request of somebody. */
function requestOf(draft: Draft, { world }: Plan, callers: readonly Caller[], known: KnownIds): Sent {
  const { operation, body } = draft;
  const ids = known.pickFor(operation.path);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = asText(withIds(draft.params[name], ids));
    // A client would take these out of the address by itself.
    return encodeURIComponent(isOwnWords(value) ? '-' : Buffer.from(value).toString());
  });
  const query = draft.query.map(
    ([name, value]) => `${name}=${encodeURIComponent(Buffer.from(asText(withIds(value, ids))).toString())}`,
  );
  const { token } = callers[draft.caller % callers.length] ?? { token: null };
  const headers = new Headers();
  const put = (name: string, value: unknown): void => {
    if (value !== undefined) headers.set(name, asText(value).replaceAll(VISIBLE, '?'));
  };
  for (const [name, value] of Object.entries(draft.headers)) put(name, withIds(value, ids));
  freshen(headers, known.etagOf(`${world.url}${path}`));
  if (token !== null) put('authorization', `Bearer ${token}`);
  if (body !== undefined) put('content-type', body.type);
  const value = body === undefined ? undefined : withIds(body.isRaw ? null : body.value, ids);
  const bytes = body === undefined ? undefined : body.isRaw ? new Uint8Array(body.value as Buffer) : asBody(value);
  const url = `${world.url}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  const told = typeof bytes === 'string' ? bytes.slice(0, 300) : bytes === undefined ? '' : `${bytes.length} bytes`;
  return {
    url,
    init: { method: operation.method, headers, redirect: 'manual', ...(bytes === undefined ? {} : { body: bytes }) },
    words: `${operation.method} ${url} as ${callers[draft.caller % callers.length]?.name} ${told}`,
  };
}

/** One in so many goes with what the document has for an example, which is of no use the second time. */
const STALE = 5;
let asked = 0;

/** Most requests know the version of what they change, and repeat no other one. */
function freshen(headers: Headers, etag: string | undefined): void {
  asked += 1;
  if (asked % STALE === 0) return;
  if (headers.has('if-match') && etag !== undefined) headers.set('if-match', etag);
  if (headers.has('idempotency-key')) headers.set('idempotency-key', randomUUID());
}

const asBody = (value: unknown): string => JSON.stringify(value) ?? '';

/** What is wrong with an answer, by what the document says of its operation. */
function faultOf({ operation }: Draft, status: number, type: string, text: string, headers: Headers): string | null {
  if (status >= 500 && !(status === 503 && operation.id.startsWith('get') && operation.path.startsWith('/health'))) {
    if (status !== 503) return 'a failure of ours';
    if (!headers.has('retry-after')) return '503 without Retry-After';
  }
  if (status < 400) return status in operation.answers ? null : `${status} is not documented`;
  if (!type.startsWith('application/problem+json')) return status in operation.answers ? null : `${status} as ${type}`;
  const problem: unknown = JSON.parse(text);
  const code = isRecord(problem) ? String(problem['code']) : '';
  // A parameter that is longer than any of ours names no address.
  if (status === 404 && code === 'not_found') return null;
  const codes = operation.answers[status];
  if (codes === undefined) return `${status} ${code} is not documented`;
  return codes.length > 0 && !codes.includes(code) ? `${status} ${code} is not documented` : null;
}

/** Sends requests made of the document, and judges every answer. The same seed makes the same requests, but for ids that answers told. */
export async function fuzz(plan: Plan): Promise<FuzzReport> {
  const { world, clock, requests, seed, hands } = plan;
  const document = readOperations();
  const operations = document.operations.filter(({ id }) => !ENDING.has(id));
  let callers = world.callers;
  const drafts = fc.oneof(...operations.map((one) => requestsTo(one, document.schemas, callers.length)));
  const ids = createKnownIds([
    randomUUID(),
    ...Object.values(world.resources.own),
    ...Object.values(world.resources.other),
  ]);
  const byStatus: Record<string, number> = {};
  const slowest = new Map<string, number>();
  const succeeded = new Set<string>();
  const violations: Violation[] = [];
  let sent = 0;

  async function send(draft: Draft): Promise<void> {
    const { url, init, words } = requestOf(draft, plan, callers, ids);
    const leaving = new AbortController();
    const startedAtMs = performance.now();
    const limit = setTimeout(() => leaving.abort(), HANG_MS);
    try {
      const answer = await fetch(url, { ...init, signal: leaving.signal });
      const type = answer.headers.get('content-type') ?? '';
      const isStream = type.startsWith('text/event-stream');
      const text = isStream ? '' : await answer.text();
      if (isStream) leaving.abort();
      byStatus[answer.status] = (byStatus[answer.status] ?? 0) + 1;
      if (answer.ok) succeeded.add(draft.operation.id);
      ids.remember(draft.operation.path, text);
      ids.rememberEtag(url.split('?')[0] ?? '', answer.ok ? answer.headers.get('etag') : null);
      const fault = faultOf(draft, answer.status, type, text, answer.headers);
      if (fault !== null) violations.push({ what: `${draft.operation.id}: ${fault}`, request: words });
    } catch (error) {
      violations.push({ what: `${draft.operation.id}: no answer: ${String(error)}`, request: words });
    } finally {
      clearTimeout(limit);
      const ms = performance.now() - startedAtMs;
      slowest.set(draft.operation.id, Math.max(ms, slowest.get(draft.operation.id) ?? 0));
    }
  }

  for (let batch = 0; sent < requests; batch += 1) {
    const queue = [...fc.sample(drafts, { seed: seed + batch, numRuns: Math.min(BATCH, requests - sent) })];
    if (Math.floor(sent / RENEW_EVERY) < Math.floor((sent + queue.length) / RENEW_EVERY)) {
      callers = await Promise.all(callers.map((caller) => world.renewed(caller)));
    }
    sent += queue.length;
    const work = async (): Promise<void> => {
      for (let draft = queue.shift(); draft !== undefined; draft = queue.shift()) {
        await send(draft);
        clock.advance(STEP_MS);
      }
    };
    await Promise.all(Array.from({ length: hands }, work));
  }
  return {
    requests: sent,
    operations: operations.length,
    succeeded: succeeded.size,
    never: operations.map(({ id }) => id).filter((id) => !succeeded.has(id)),
    byStatus,
    slowest: [...slowest]
      .map(([operation, ms]) => ({ operation, ms }))
      .toSorted((one, other) => other.ms - one.ms)
      .slice(0, 5),
    violations,
  };
}

/** A table for people. */
export function tableOf({ requests, operations, succeeded, never, byStatus, slowest, violations }: FuzzReport): string {
  const kinds = new Map<string, Violation[]>();
  for (const one of violations) kinds.set(one.what, [...(kinds.get(one.what) ?? []), one]);
  return [
    `${requests} requests to ${operations} operations, ${succeeded} of which succeeded at least once`,
    ...Object.entries(byStatus).map(([status, count]) => `  ${status}: ${count}`),
    `never: ${never.join(', ')}`,
    'slowest',
    ...slowest.map(({ operation, ms }) => `  ${operation}: ${ms.toFixed(0)} ms`),
    `violations: ${violations.length}`,
    ...[...kinds].slice(0, 40).map(([what, all]) => `  ${all.length} × ${what}\n    ${all[0]?.request ?? ''}`),
    '',
  ].join('\n');
}
