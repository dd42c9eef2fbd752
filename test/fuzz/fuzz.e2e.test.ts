import { expect, test } from 'vitest';
import { describeWithDatabase } from '../support/database.ts';
import { expectToStand } from './fuzz.suite.ts';

const REQUESTS = 1_500;
const SEED = 20_261_201;

describeWithDatabase('requests made of the document', () => {
  test('break nothing: no failure of ours, no hang, nothing thrown into nowhere, and every rule holds after them', async () => {
    const { requests, succeeded } = await expectToStand(REQUESTS, SEED);
    expect(requests).toBe(REQUESTS);
    expect(succeeded).toBeGreaterThan(40);
  }, 240_000);
});
