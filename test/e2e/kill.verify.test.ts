import { describe, expect, test } from 'vitest';
import { surviveKills } from './kill-run.ts';

describe('kill -9', () => {
  test('killed 50 times under 200 families, the product loses nothing it acknowledged and sells nothing twice', async () => {
    const facts = await surviveKills({ families: 200, concurrency: 8, kills: 50, seed: 1_000_003 });
    expect(facts.filter(({ fact }) => fact === 'finished')).toHaveLength(200);
  });
});
