import { expect, test } from 'vitest';
import { createIntents } from './intent.ts';
import type { Outcome } from './outcome.ts';

const refused = (status: number, code: string): Outcome<string> => ({
  ok: false,
  problem: { code, title: '', detail: '', fields: [], status, retryAfterSeconds: null },
});
const LOST = refused(0, 'offline');
const DONE: Outcome<string> = { ok: true, value: 'done' };

function world() {
  let nowMs = 0;
  let made = 0;
  const { once, forget } = createIntents(
    () => nowMs,
    () => `key ${++made}`,
  );
  const keyOf = async (intent: string, answer: Outcome<string>): Promise<string> => {
    let used = '';
    await once(intent, async (header) => {
      used = header['Idempotency-Key'];
      return answer;
    });
    return used;
  };
  return { once, forget, keyOf, pass: (ms: number) => (nowMs += ms) };
}

test.each([
  ['no answer', LOST],
  ['a fault of the node', refused(503, 'provider_unavailable')],
  ['too many requests', refused(429, 'rate_limited')],
  ['the first one under way', refused(409, 'idempotency_key_in_flight')],
  ['a session that ended', refused(401, 'unauthorized')],
  ['a proof that is too old', refused(403, 'step_up_required')],
  ['a second factor that is missing', refused(403, 'second_factor_required')],
  ['a role that was taken away', refused(403, 'forbidden')],
])('after %s the same intent goes on under its key, and another has its own', async (_what, answer) => {
  const { keyOf } = world();
  expect(await keyOf('a', answer)).toBe('key 1');
  expect(await keyOf('b', answer)).toBe('key 2');
  expect(await keyOf('a', answer)).toBe('key 1');
});

test.each([
  ['done', DONE],
  ['refused', refused(409, 'day_full')],
])('an intent that was %s is over: the same one is begun anew', async (_what, answer) => {
  const { keyOf } = world();
  expect(await keyOf('a', LOST)).toBe('key 1');
  expect(await keyOf('a', answer)).toBe('key 1');
  expect(await keyOf('a', LOST)).toBe('key 2');
});

test('an intent that was undone is forgotten, and others are not', async () => {
  const { keyOf, forget } = world();
  expect(await keyOf('buy a', LOST)).toBe('key 1');
  expect(await keyOf('pay a', LOST)).toBe('key 2');
  forget('buy');
  expect(await keyOf('buy a', LOST)).toBe('key 3');
  expect(await keyOf('pay a', LOST)).toBe('key 2');
});

test('a quarter of an hour after it was last sent the same words mean another intent', async () => {
  const { keyOf, pass } = world();
  expect(await keyOf('a', LOST)).toBe('key 1');
  pass(15 * 60_000 - 1);
  expect(await keyOf('a', LOST)).toBe('key 1');
  pass(15 * 60_000);
  expect(await keyOf('a', LOST)).toBe('key 2');
});

test('a late answer to an intent that was begun anew meanwhile leaves its key alone', async () => {
  const { once, keyOf, pass } = world();
  let answer: (outcome: Outcome<string>) => void = () => undefined;
  const first = once('a', () => new Promise<Outcome<string>>((resolve) => (answer = resolve)));
  pass(15 * 60_000);
  expect(await keyOf('a', LOST)).toBe('key 2');
  answer(DONE);
  await first;
  expect(await keyOf('a', LOST)).toBe('key 2');
});
