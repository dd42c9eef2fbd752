import { dayFor, HOUR_MS, MINUTE_MS, OPEN_MS, OPENS_MS, parkFor, within, type Story } from './story.ts';

/**
 * Somebody who works at the gates, or manages, is dismissed in the middle of a day: while their park hears of it at once, while it is cut off, or
 * when its gates are headquarters' own. They go on until they are turned away.
 */
export const leaver: Story = (dice, at, tell) => {
  const [park, day] = [parkFor(dice, at), dayFor(dice, at)];
  const beginsMs = within(dice, at, OPENS_MS[day] + HOUR_MS, OPEN_MS - 5 * HOUR_MS);
  const role = dice.pick(`${at}/role`, ['gate', 'gate', 'manager'] as const);
  const hiredMs = beginsMs - (30 + dice.below(`${at}/hired`, 120)) * MINUTE_MS;
  const staff = tell(hiredMs, { kind: 'hire', park, role });
  const talk = (afterMs: number): void => void tell(afterMs, { kind: 'talk', park, rounds: 2 });
  talk(hiredMs + MINUTE_MS);
  /** What they do: let in a family of the desk, or cancel its ticket. */
  const act = (afterMs: number): void => {
    const ticket = tell(afterMs - MINUTE_MS, { kind: 'sell', park, people: 1, method: 'cash' });
    if (role === 'manager') tell(afterMs, { kind: 'cancel', ticket, by: 'manager', staff });
    else tell(afterMs, { kind: 'scan', park, ticket, direction: 'in', people: null, again: false, staff });
  };
  act(beginsMs);
  const wrong = dice.pick(`${at}/wrong`, ['none', 'cut', 'cut', 'replies_lost'] as const);
  if (wrong !== 'none') tell(beginsMs + 4 * MINUTE_MS, { kind: wrong, park });
  tell(beginsMs + 5 * MINUTE_MS, { kind: 'dismiss', staff });
  act(beginsMs + 7 * MINUTE_MS);
  const backMs = beginsMs + (10 + dice.below(`${at}/back`, 90)) * MINUTE_MS;
  if (wrong !== 'none') tell(backMs, { kind: 'mend', park });
  talk(backMs + MINUTE_MS);
  for (const each of [2, 12]) act(backMs + each * MINUTE_MS);
};
