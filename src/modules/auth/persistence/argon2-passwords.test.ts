import { parseOptions } from '@node-rs/argon2';
import { describe, expect, test } from 'vitest';
import { leastTimes } from '../../../../test/support/least-times.ts';
import { createManualClock } from '../../../infrastructure/clock.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import { createArgon2Passwords } from './argon2-passwords.ts';

const clock = createManualClock(0);
const passwords = createArgon2Passwords({ concurrency: 2, maxWaiting: 20, longestWaitMs: 3_000 }, clock);

async function hashOf(password: string): Promise<string> {
  const hashed = await passwords.hash(password);
  if (!hashed.ok) throw new Error('the queue is full');
  return hashed.value;
}

describe('password hashes', () => {
  test('are Argon2id with 19 MiB, two passes and one lane, and differ for equal passwords', async () => {
    const [one, two] = await Promise.all([hashOf('correct horse'), hashOf('correct horse')]);
    expect(one).not.toBe(two);
    expect(one).toMatch(/^\$argon2id\$v=19\$/);
    expect(parseOptions(one)).toMatchObject({ memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 });
  });

  test('match their password to the last character', async () => {
    const long = 'тундра'.repeat(21);
    const hash = await hashOf(long);
    expect(await passwords.matches(hash, long)).toEqual(ok(true));
    expect(await passwords.matches(hash, `${long.slice(0, -1)}б`)).toEqual(ok(false));
  });

  test('of nobody match nothing, at the price of a real one', async () => {
    const hash = await hashOf('correct horse');
    expect(await passwords.matches(null, 'correct horse')).toEqual(ok(false));
    const [ofKnown = 0, ofUnknown = 0] = await leastTimes(
      15,
      () => passwords.matches(hash, 'wrong horse'),
      () => passwords.matches(null, 'wrong horse'),
    );
    expect(ofUnknown / ofKnown).toBeGreaterThan(0.5);
    expect(ofUnknown / ofKnown).toBeLessThan(2);
  });

  test('are refused at once when too many wait', async () => {
    const small = createArgon2Passwords({ concurrency: 1, maxWaiting: 1, longestWaitMs: 3_000 }, clock);
    const answers = await Promise.all(Array.from({ length: 5 }, () => small.hash('correct horse')));
    expect(answers.filter(({ ok: isOk }) => isOk)).toHaveLength(2);
    expect(answers[4]).toEqual(refuse({ code: 'busy' }));
  });
});
