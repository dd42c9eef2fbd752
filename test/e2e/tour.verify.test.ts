import { expect, test } from 'vitest';
import { describeWithDatabase } from '../support/database.ts';
import { takeTours } from './tour-run.ts';

describeWithDatabase('the tour of the demo', () => {
  test('can be taken again on the same data', async () => {
    expect(await takeTours(2)).toBeGreaterThan(50);
  });
});
