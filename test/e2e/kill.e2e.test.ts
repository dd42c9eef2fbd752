import { expect, test } from 'vitest';
import { describeWithDatabase } from '../support/database.ts';
import { surviveKills } from './kill-run.ts';

describeWithDatabase('kill -9', () => {
  test('killed 5 times under 20 families, the product loses nothing it acknowledged and sells nothing twice', async () => {
    const facts = await surviveKills({ families: 20, concurrency: 4, kills: 5, seed: 20_261_123 });
    expect(facts.filter(({ fact }) => fact === 'finished')).toHaveLength(20);
  }, 240_000);
});
