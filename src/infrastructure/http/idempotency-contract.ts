import { describe, expect, test } from 'vitest';
import type { IdempotencyScope, IdempotencyStore } from './idempotency.ts';

/** What the suite needs from an implementation. `unique` gives scopes that no other test or run has used. */
export type IdempotencyHarness = {
  readonly store: () => IdempotencyStore;
  readonly unique: () => string;
  readonly leaseMs: number;
};

const NOW = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
const ANSWER = {
  status: 201,
  body: '{"id":"a","text":"Өмүр 🎈"}',
  headers: { location: '/tickets/a', 'content-type': 'application/json' },
};

/** Defines the tests that every implementation of {@link IdempotencyStore} must pass. */
export function describeIdempotencyStore(name: string, harness: IdempotencyHarness): void {
  const scope = (part: Partial<IdempotencyScope> = {}): IdempotencyScope => ({
    principalId: harness.unique(),
    route: 'POST /api/v1/tickets',
    key: 'k1',
    ...part,
  });
  const begin = (at: IdempotencyScope, nowMs = NOW, fingerprint = 'f'.repeat(64)) =>
    harness.store().begin({ scope: at, fingerprint, nowMs });

  describe(`idempotency store: ${name}`, () => {
    describeLife(harness, scope, begin);

    test('the same key of another principal, route or text is another key', async () => {
      const mine = scope();
      await begin(mine);
      await harness.store().complete(mine, ANSWER);
      for (const other of [
        { ...mine, principalId: harness.unique() },
        { ...mine, route: 'POST /api/v1/payments' },
        { ...mine, key: 'K1' },
      ]) {
        expect(await begin(other)).toEqual({ kind: 'fresh' });
      }
    });

    test('of 20 that begin at once exactly one is told fresh', async () => {
      const one = scope({ key: '~'.repeat(255) });
      const begun = await Promise.all(Array.from({ length: 20 }, () => begin(one)));
      expect(begun.filter(({ kind }) => kind === 'fresh')).toHaveLength(1);
      expect(begun.filter(({ kind }) => kind === 'in_flight')).toHaveLength(19);
    });

    test('of 20 that take over a lapsed claim at once exactly one is told fresh', async () => {
      const one = scope();
      await begin(one);
      const begun = await Promise.all(Array.from({ length: 20 }, () => begin(one, NOW + harness.leaseMs)));
      expect(begun.filter(({ kind }) => kind === 'fresh')).toHaveLength(1);
    });
  });
}

function describeLife(
  harness: IdempotencyHarness,
  scope: () => IdempotencyScope,
  begin: (at: IdempotencyScope, nowMs?: number, fingerprint?: string) => ReturnType<IdempotencyStore['begin']>,
): void {
  const other = '0'.repeat(64);

  test('a key is fresh once, in flight until answered, and then replays the exact answer for 24 hours', async () => {
    const one = scope();
    expect(await begin(one)).toEqual({ kind: 'fresh' });
    expect(await begin(one)).toEqual({ kind: 'in_flight' });
    await harness.store().complete(one, ANSWER);
    expect(await begin(one)).toEqual({ kind: 'replay', ...ANSWER });
    expect(await begin(one, NOW + 24 * HOUR_MS - 1)).toEqual({ kind: 'replay', ...ANSWER });
  });

  test('another request under the key is a mismatch, in flight and after the answer', async () => {
    const one = scope();
    await begin(one);
    expect(await begin(one, NOW, other)).toEqual({ kind: 'mismatch' });
    await harness.store().complete(one, ANSWER);
    expect(await begin(one, NOW, other)).toEqual({ kind: 'mismatch' });
  });

  test('a released key is fresh again, even for another request', async () => {
    const one = scope();
    await begin(one);
    await harness.store().release(one);
    expect(await begin(one, NOW, other)).toEqual({ kind: 'fresh' });
  });

  test('a kept answer survives a late release and a second completion', async () => {
    const one = scope();
    await begin(one);
    await harness.store().complete(one, ANSWER);
    await harness.store().complete(one, { status: 409, body: '{}', headers: {} });
    await harness.store().release(one);
    expect(await begin(one)).toEqual({ kind: 'replay', ...ANSWER });
  });

  test('a claim whose owner died is given to the next caller with the same request when its lease ends', async () => {
    const one = scope();
    await begin(one);
    expect(await begin(one, NOW + harness.leaseMs - 1)).toEqual({ kind: 'in_flight' });
    expect(await begin(one, NOW + harness.leaseMs, other)).toEqual({ kind: 'mismatch' });
    expect(await begin(one, NOW + harness.leaseMs)).toEqual({ kind: 'fresh' });
    expect(await begin(one, NOW + harness.leaseMs + 1)).toEqual({ kind: 'in_flight' });
  });

  test('completing or releasing an unknown key does nothing', async () => {
    const one = scope();
    await harness.store().complete(one, ANSWER);
    await harness.store().release(one);
    expect(await begin(one)).toEqual({ kind: 'fresh' });
  });
}
