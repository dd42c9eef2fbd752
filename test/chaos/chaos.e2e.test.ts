import { expect, test } from 'vitest';
import { outputOf, runProgram } from '../support/product.ts';

const SHORT = ['--schedule', 'test/chaos/short.json'];

test('a park cut off, and both nodes killed while it catches up, in networks of their own: all rules hold', async (context) => {
  const strict = process.env['CI'] ? ['--strict'] : [];
  const { code, text } = await outputOf(runProgram('tools/chaos.ts', [...SHORT, ...strict], {}));
  expect(code, text).toBe(0);
  const [, why] = /^skipped: (.*)$/m.exec(text) ?? [];
  if (why !== undefined) context.skip(why);
  expect(text).toContain('All rules held.');
}, 600_000);

test('a machine that allows no namespaces says so, and fails where chaos has to be lived', async () => {
  const without = { PATH: '/nowhere' };
  const whys = /^(\S.*): chaos with real processes\. \S/m;
  const answers = [[], ['--strict']].map(async (strict) => {
    const { code, text } = await outputOf(runProgram('tools/chaos.ts', [...SHORT, ...strict], without));
    return { code, how: whys.exec(text)?.[1] };
  });
  expect(await Promise.all(answers)).toEqual([
    { code: 0, how: 'skipped' },
    { code: 1, how: 'not lived' },
  ]);
});
