import { expect, test } from 'vitest';
import { outputOf, runProgram } from '../support/product.ts';

test('a park cut off, and both nodes killed while it catches up, in networks of their own: all rules hold', async (context) => {
  const program = runProgram('tools/chaos.ts', ['--schedule', 'test/chaos/short.json'], {});
  const { code, text } = await outputOf(program);
  expect(code, text).toBe(0);
  const [, why] = /^skipped: (.*)$/m.exec(text) ?? [];
  if (why !== undefined) context.skip(why);
  expect(text).toContain('All rules held.');
}, 600_000);
