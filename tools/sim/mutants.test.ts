import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mutants } from './mutants.ts';
import { mutated } from './plant.ts';

const ROOT = join(import.meta.dirname, '../..');

test.each(mutants)('mutant $name changes what stands exactly once in its file', async (mutant) => {
  expect(await mutated(mutant, ROOT)).not.toContain(mutant.from);
});

test('names of mutants are told apart', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

test('a text that is not there is an error', async () => {
  const gone = {
    name: 'gone',
    why: '',
    file: 'kernel/assert.ts',
    from: 'no such text',
    to: '',
    seed: 1,
    rule: 'rule 1',
  };
  await expect(mutated(gone, ROOT)).rejects.toThrow('stands 0 times');
});
