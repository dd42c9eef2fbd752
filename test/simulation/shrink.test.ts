import { expect, test } from 'vitest';
import type { Plan, Step } from './steps.ts';
import { shrink } from './shrink.ts';

const planOfIds = (count: number): Plan => ({
  seed: 'test',
  steps: Array.from({ length: count }, (_, id): Step => ({ kind: 'bank_away', id, afterMs: id })),
});

test('leaves the steps that a failure needs, wherever they stand', async () => {
  const needed = [7, 40, 41, 99];
  const fails = async ({ steps }: Plan) => needed.every((id) => steps.some((step) => step.id === id));
  const { steps } = await shrink(planOfIds(100), fails, 1_000);
  expect(steps.map(({ id }) => id)).toEqual(needed);
});

test('stops when its budget is spent, with a plan that still fails', async () => {
  let lives = 0;
  const fails = async ({ steps }: Plan) => {
    lives += 1;
    return steps.some(({ id }) => id === 63);
  };
  const { steps } = await shrink(planOfIds(64), fails, 3);
  expect(lives).toBe(3);
  expect(steps.some(({ id }) => id === 63)).toBe(true);
});
