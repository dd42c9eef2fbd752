import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { invariants } from './invariants.ts';

test.each(invariants)('who looks whether "$what" is there', async ({ by }) => {
  await expect(access(join(import.meta.dirname, '../..', by))).resolves.toBeUndefined();
});
