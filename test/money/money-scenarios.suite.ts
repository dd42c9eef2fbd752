import { expect } from 'vitest';
import { NOON_MS, VISIT_DATE } from '../../src/modules/booking/sales.suite.ts';
import { expectMoneyToFit } from './money-rules.suite.ts';
import type { MoneyWorld } from './money-world.suite.ts';

import { atTheDesk, givingBack } from './giving-back.suite.ts';
import { paying, unasked } from './paying.suite.ts';
import { TODAY, type Scenario } from './money-steps.suite.ts';
export const SCENARIOS: readonly Scenario[] = [...paying, ...givingBack, ...atTheDesk, ...unasked];

/** Plays a scenario to its end and holds it to the rules. */
export async function playToTheEnd({ play }: Scenario, world: MoneyWorld): Promise<void> {
  const { ticketIds, becomes } = await play(world);
  await world.quiet();
  const head = await world.ground.store.headPosition();
  await world.quiet();
  expect(await world.ground.store.headPosition(), 'nothing is left to do').toBe(head);
  const [first = ''] = ticketIds;
  expect(await world.statusOf(first)).toBe(becomes);
  await expectMoneyToFit(world, ticketIds, [VISIT_DATE, TODAY]);
}

export const BEGIN_MS = NOON_MS;
