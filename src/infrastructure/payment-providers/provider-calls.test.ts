import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createManualClock } from '../clock.ts';
import { createOutcome } from './create-outcome.ts';
import { createProviderCalls, NoAccess, type CallOptions } from './provider-calls.ts';

type Found =
  number | 'reset' | 'refused' | 'silence' | 'no access' | { readonly status: number; readonly retryAfter: string };

const failed = (code: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });

/** Calls to a provider that answers one after the other of `script`, and 200 when there is no more. */
function line(script: Found[] = [], options: Partial<CallOptions> = {}) {
  const clock = createManualClock(1_795_000_000_000);
  const results: string[] = [];
  const calls = createProviderCalls({
    clock,
    timeoutMs: 1000,
    onCall: (operation, result) => void results.push(`${operation} ${result}`),
    ...options,
  });
  let tries = 0;
  const call = async (): Promise<{ status: number; retryAfter: string | null }> => {
    tries += 1;
    const found = script.shift() ?? 200;
    if (typeof found === 'object') return found;
    if (typeof found === 'number') return { status: found, retryAfter: null };
    if (found === 'no access') throw new NoAccess('no token');
    if (found === 'silence') return new Promise(() => undefined);
    throw failed(found === 'reset' ? 'ECONNRESET' : 'ECONNREFUSED');
  };
  /** Whatever pauses there are pass at once. */
  const passing = async <Value>(under: Promise<Value>): Promise<Value> => {
    await vi.runAllTimersAsync();
    return under;
  };
  return {
    clock,
    results,
    calls,
    call,
    tries: () => tries,
    create: () => passing(calls.create(call)),
    ask: () => passing(calls.ask('status', call)),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a call for a new order', () => {
  test.each<[Found[], object, number]>([
    [[503], { kind: 'answered', answer: { status: 200 }, mayHaveActed: true }, 2],
    [['reset'], { kind: 'answered', answer: { status: 200 }, mayHaveActed: true }, 2],
    [['refused', 'refused'], { kind: 'answered', answer: { status: 200 }, mayHaveActed: false }, 3],
    [[429], { kind: 'answered', answer: { status: 200 }, mayHaveActed: false }, 2],
    [[500, 500, 500, 200], { kind: 'answered', answer: { status: 500 } }, 3],
    [['reset', 'reset', 'reset', 200], { kind: 'lost' }, 3],
    [['reset', 'refused', 'refused', 200], { kind: 'lost' }, 3],
    [['refused', 'refused', 'refused', 200], { kind: 'not_asked', reason: 'provider_unreachable' }, 3],
    [[400], { kind: 'answered', answer: { status: 400 }, mayHaveActed: false }, 1],
    [['silence'], { kind: 'lost' }, 1],
    [['no access'], { kind: 'not_asked', reason: 'provider_unreachable' }, 1],
  ])('that meets %j is repeated while that may help', async (script, outcome, tries) => {
    const subject = line(script);
    expect(await subject.create()).toMatchObject(outcome);
    expect(subject.tries()).toBe(tries);
  });

  test('refused after an answer was lost, it proves nothing: the order may be there', async () => {
    const read = () => ({ kind: 'failed', reason: 'no', retryable: false }) as const;
    expect(createOutcome(await line([400]).create(), read)).toMatchObject({ kind: 'failed', retryable: false });
    expect(createOutcome(await line(['reset', 400]).create(), read)).toEqual({ kind: 'unknown' });
    expect(createOutcome(await line([503, 429, 429]).create(), read)).toEqual({ kind: 'unknown' });
    expect(createOutcome(await line([200]).create(), read)).toMatchObject({ reason: 'no' });
  });

  test('is not repeated once half of its time is over', async () => {
    const subject = line([503, 503, 503]);
    const under = subject.calls.create(async () => {
      subject.clock.advance(501);
      return subject.call();
    });
    await vi.runAllTimersAsync();
    expect(await under).toMatchObject({ kind: 'answered', answer: { status: 503 } });
    expect(subject.tries()).toBe(1);
  });
});

describe('a provider that wants to be left alone', () => {
  test('for a moment is asked again after it, within the call', async () => {
    const subject = line([{ status: 429, retryAfter: '2' }]);
    const under = subject.calls.create(subject.call);
    await vi.advanceTimersByTimeAsync(1999);
    expect(subject.tries()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await under).toMatchObject({ answer: { status: 200 } });
  });

  test.each([
    ['120', 120_000],
    [new Date(1_795_000_090_000).toUTCString(), 90_000],
    ['999999', 300_000],
  ])('by Retry-After %s is spared for so long, for this operation only', async (retryAfter, restMs) => {
    const subject = line([{ status: 429, retryAfter }]);
    await subject.create();
    expect([subject.tries(), subject.calls.takesOrders()]).toEqual([1, false]);
    subject.clock.advance(restMs - 1);
    expect(await subject.create()).toEqual({ kind: 'not_asked', reason: 'provider_overloaded' });
    expect(await subject.ask()).toMatchObject({ kind: 'answered' });
    subject.clock.advance(1);
    expect(subject.calls.takesOrders()).toBe(true);
    expect(await subject.create()).toMatchObject({ answer: { status: 200 } });
    expect(subject.results).toEqual(['create fault', 'create spared', 'status done', 'create done']);
  });

  test('while it is asked about orders rests as long', async () => {
    const subject = line([{ status: 503, retryAfter: '60' }]);
    await subject.ask();
    expect(await subject.ask()).toEqual({ kind: 'not_asked', reason: 'provider_overloaded' });
    expect(await subject.create()).toMatchObject({ kind: 'answered' });
  });

  test('for long is not forgotten when another answer of the same moment says nothing of it', async () => {
    const subject = line([{ status: 503, retryAfter: '60' }, 503]);
    await Promise.all([subject.calls.ask('status', subject.call), subject.calls.ask('status', subject.call)]);
    expect(await subject.ask()).toEqual({ kind: 'not_asked', reason: 'provider_overloaded' });
  });

  test.each(['soon', '-1', ''])('by %j says nothing', async (retryAfter) => {
    const subject = line([{ status: 503, retryAfter }]);
    expect(await subject.create()).toMatchObject({ answer: { status: 200 } });
  });
});

describe('an open breaker', () => {
  const breaker = { failures: 3, openMs: 10_000 };

  test('spares new orders and nothing else, and tries one again after its time', async () => {
    const opened: boolean[] = [];
    const subject = line([503, 503, 503], { breaker, onBreaker: (isOpen) => void opened.push(isOpen) });
    expect(await subject.create()).toMatchObject({ answer: { status: 503 } });
    expect([opened, subject.calls.takesOrders()]).toEqual([[true], false]);
    expect(await subject.create()).toEqual({ kind: 'not_asked', reason: 'provider_unavailable' });
    expect(await subject.ask()).toMatchObject({ answer: { status: 200 } });
    subject.clock.advance(10_000);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(subject.calls.takesOrders()).toBe(true);
    expect(await subject.create()).toMatchObject({ answer: { status: 200 } });
    expect(opened.at(-1)).toBe(false);
  });

  test('does not come of declines, refusals, or questions that fail', async () => {
    const subject = line([400, 402, 409, 422, 400], { breaker });
    for (let call = 0; call < 5; call += 1) await subject.create();
    const asking = line([503, 503, 503, 503], { breaker });
    for (let call = 0; call < 4; call += 1) await asking.ask();
    expect([subject.calls.takesOrders(), asking.calls.takesOrders()]).toEqual([true, true]);
  });
});

test('only so many calls are under way at once, as many wait, and more are told so at once', async () => {
  const subject = line(['silence', 'silence', 'silence', 'silence'], { atOnce: 1 });
  const [first, second] = [subject.calls.create(subject.call), subject.calls.create(subject.call)];
  expect(await subject.calls.create(subject.call)).toEqual({ kind: 'not_asked', reason: 'provider_busy' });
  // Other operations have lanes of their own.
  const asked = subject.calls.ask('refund', subject.call);
  expect(subject.tries()).toBe(2);
  await vi.runAllTimersAsync();
  expect(await Promise.all([first, second, asked])).toEqual([{ kind: 'lost' }, { kind: 'lost' }, { kind: 'lost' }]);
});
