import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { describeWithDatabase } from '../support/database.ts';
import { expectToStand } from './fuzz.suite.ts';

const { FUZZ_REQUESTS = '100000', FUZZ_SEED = String(randomInt(2 ** 31)) } = process.env;

describeWithDatabase('very many requests made of the document', () => {
  test(`break nothing (FUZZ_REQUESTS=${FUZZ_REQUESTS}, FUZZ_SEED=${FUZZ_SEED})`, async () => {
    const { requests, succeeded, operations } = await expectToStand(Number(FUZZ_REQUESTS), Number(FUZZ_SEED));
    expect(requests).toBe(Number(FUZZ_REQUESTS));
    // Deep enough: what is made by some requests is met by others.
    if (requests >= 50_000) expect(succeeded).toBeGreaterThan(operations / 2);
  });
});
