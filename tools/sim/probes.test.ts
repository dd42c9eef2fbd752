import { expect, test } from 'vitest';
import { unreached } from './probes.ts';

test('a long run must come to rare states, a short one need not', () => {
  expect(unreached({ seeds: 99, reached: {} })).toEqual([]);
  expect(unreached({ seeds: 100, reached: {} })).toContain('a park was killed');
  expect(unreached({ seeds: 299, reached: {} })).not.toContain('a node was killed while places were under way');
  expect(unreached({ seeds: 300, reached: {} })).toContain('a node was killed while places were under way');
  expect(unreached({ seeds: 300, reached: { 'link: cut': 1 } })).not.toContain('link: cut');
});
