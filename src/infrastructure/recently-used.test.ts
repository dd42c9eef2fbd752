import { expect, test } from 'vitest';
import { recentlyUsed } from './recently-used.ts';

test('what was used longest ago is forgotten first', () => {
  const kept = recentlyUsed<{ readonly name: string }>(2);
  for (const name of ['one', 'two']) kept.set(name, { name });
  kept.get('one');
  kept.set('three', { name: 'three' });
  expect([...kept.keys()].toSorted()).toEqual(['one', 'three']);
  expect(kept.get('two')).toBeUndefined();
});
