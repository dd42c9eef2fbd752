import { expect, test } from 'vitest';
import { describeWithDatabase } from '../support/database.ts';
import { takeTours } from './tour-run.ts';

describeWithDatabase('the tour of the demo', () => {
  test('finds every capability as it should be, and then every rule holds', async () => {
    expect(await takeTours(1)).toBeGreaterThan(50);
  }, 240_000);
});
