import { expect, test } from 'vitest';
import { createDice } from './dice.ts';
import { planOf } from './plan.ts';

test('dice answer a purpose alike for one seed, and evenly over many purposes', () => {
  const [one, same, other] = [createDice('1'), createDice('1'), createDice('2')];
  expect(one.number('a')).toBe(same.number('a'));
  expect(one.number('a')).not.toBe(other.number('a'));
  const thrown = Array.from({ length: 6_000 }, (_, index) => one.below(`side/${index}`, 6));
  for (let side = 0; side < 6; side += 1) {
    expect(Math.abs(thrown.filter((each) => each === side).length - 1_000)).toBeLessThan(150);
  }
});

test('a plan is its seed spelled out, in the order of time', () => {
  const { steps } = planOf('7');
  expect(planOf('7').steps).toEqual(steps);
  expect(planOf('8').steps).not.toEqual(steps);
  expect(steps.map(({ afterMs }) => afterMs)).toEqual(steps.map(({ afterMs }) => afterMs).toSorted((a, b) => a - b));
  expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
});
