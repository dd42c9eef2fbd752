import type { Dice } from './dice.ts';
import type { Act } from './steps.ts';
import {
  dayFor,
  LASTS_MS,
  MINUTE_MS,
  nodeFor,
  HOUR_MS,
  OPEN_MS,
  OPENS_MS,
  parkFor,
  peopleFor,
  within,
  type Story,
  type Tell,
} from './story.ts';
import type { ParkId } from './places.ts';

/** A party at the gates: all at once or in parts, out and in again, now and then at the wrong park, or twice with one code. */
function visit(
  dice: Dice,
  at: string,
  tell: Tell,
  { ticket, park, fromMs }: { ticket: number; park: ParkId; fromMs: number },
): void {
  const scan = (name: string, afterMs: number, more: Partial<Extract<Act, { kind: 'scan' }>> = {}): void => {
    const again = dice.chance(`${at}/${name}/again`, 0.2);
    tell(afterMs, { kind: 'scan', park, ticket, direction: 'in', people: null, again, ...more });
  };
  if (dice.chance(`${at}/elsewhere`, 0.06))
    scan('elsewhere', fromMs - MINUTE_MS, { park: park === 'alpha' ? 'beta' : 'alpha' });
  const inParts = dice.chance(`${at}/parts`, 0.25);
  scan('first', fromMs, inParts ? { people: 1 } : {});
  if (inParts) scan('rest', fromMs + 9 * MINUTE_MS);
  if (dice.chance(`${at}/copied`, 0.15)) {
    const alone = dice.chance(`${at}/copied/alone`, 0.5);
    scan('copied', fromMs + dice.below(`${at}/copied/when`, 40) * MINUTE_MS, alone ? { alone } : {});
  }
  if (!dice.chance(`${at}/leaves`, 0.4)) return;
  scan('out', fromMs + 90 * MINUTE_MS, { direction: 'out' });
  if (dice.chance(`${at}/returns`, 0.3)) scan('back', fromMs + 100 * MINUTE_MS);
}

/** A family books for today or tomorrow, pays in time or not, comes or not, or wants something else. */
export const booking: Story = (dice, at, tell) => {
  const [park, day] = [parkFor(dice, at), dayFor(dice, at)];
  const boughtMs = within(dice, at, 0, OPENS_MS[day] + OPEN_MS - HOUR_MS);
  const guest = dice.below(`${at}/guest`, 4);
  const ticket = tell(boughtMs, { kind: 'buy', guest, park, day, people: peopleFor(dice, at) });
  const [how, told] = [
    dice.chance(`${at}/how`, 0.92) ? 'pays' : 'declines',
    dice.pick(`${at}/told`, [0, 1, 1, 2] as const),
  ] as const;
  if (dice.chance(`${at}/pays`, 0.93))
    tell(boughtMs + (1 + dice.below(`${at}/paid`, 14)) * MINUTE_MS, { kind: 'pay', ticket, how, told });
  if (dice.chance(`${at}/moves`, 0.1))
    tell(within(dice, `${at}/move`, boughtMs, 8 * HOUR_MS), { kind: 'move', ticket, day: day === 0 ? 1 : 0 });
  if (dice.chance(`${at}/cancels`, 0.15)) {
    const by = dice.chance(`${at}/by`, 0.5) ? 'guest' : 'manager';
    tell(within(dice, `${at}/cancel`, boughtMs, 10 * HOUR_MS), { kind: 'cancel', ticket, by });
  }
  if (day === 1 && boughtMs < OPENS_MS[0] + HOUR_MS && dice.chance(`${at}/early`, 0.3)) {
    const again = dice.chance(`${at}/early/again`, 0.2);
    tell(OPENS_MS[0] + 2 * HOUR_MS, { kind: 'scan', park, ticket, direction: 'in', people: null, again });
  }
  if (dice.chance(`${at}/comes`, 0.85)) {
    const fromMs = within(
      dice,
      `${at}/comes`,
      Math.max(OPENS_MS[day], boughtMs + 20 * MINUTE_MS),
      OPEN_MS - 2 * HOUR_MS,
    );
    visit(dice, at, tell, { ticket, park, fromMs });
  }
};

/** A class that comes at once, for which a day has room or has not. */
export const school: Story = (dice, at, tell) => {
  const [park, day] = [parkFor(dice, at), dayFor(dice, at)];
  const boughtMs = within(dice, at, 0, OPENS_MS[day]);
  const pupils = 10 + dice.below(`${at}/pupils`, 5);
  const ticket = tell(boughtMs, {
    kind: 'buy',
    guest: dice.below(`${at}/guest`, 4),
    park,
    day,
    people: pupils + 2,
    pupils,
  });
  tell(boughtMs + 5 * MINUTE_MS, {
    kind: 'pay',
    ticket,
    how: 'pays',
    told: dice.pick(`${at}/told`, [0, 1, 2] as const),
  });
  if (dice.chance(`${at}/ill`, 0.25)) tell(boughtMs + HOUR_MS, { kind: 'cancel', ticket, by: 'manager' });
  visit(dice, at, tell, { ticket, park, fromMs: OPENS_MS[day] + dice.below(`${at}/comes`, 180) * MINUTE_MS });
};

/** A family at the desk of a park. */
export const walkUp: Story = (dice, at, tell) => {
  const park = parkFor(dice, at);
  const soldMs = within(dice, at, OPENS_MS[dayFor(dice, at)], OPEN_MS - HOUR_MS);
  const method = dice.pick(`${at}/method`, ['cash', 'cash', 'elcard_terminal'] as const);
  const ticket = tell(soldMs, { kind: 'sell', park, people: peopleFor(dice, at), method });
  if (dice.chance(`${at}/cancels`, 0.1)) tell(soldMs + 3 * MINUTE_MS, { kind: 'cancel', ticket, by: 'manager' });
  visit(dice, at, tell, { ticket, park, fromMs: soldMs + (2 + dice.below(`${at}/comes`, 60)) * MINUTE_MS });
};

/** Managers change what is sold. */
export const office: Story = (dice, at, tell) => {
  const [park, afterMs] = [parkFor(dice, at), within(dice, at, 0, LASTS_MS)];
  const isPrice = dice.chance(`${at}/price`, 0.4);
  tell(
    afterMs,
    isPrice
      ? { kind: 'price', park, som: 100 + 50 * dice.below(`${at}/som`, 8) }
      : { kind: 'capacity', park, to: 4 + dice.below(`${at}/to`, 45) },
  );
};

/** What goes on by itself, of which a plan needs less than there is. */
export const worked: Story = (dice, at, tell) => {
  tell(within(dice, at, 0, LASTS_MS), { kind: 'work', node: nodeFor(dice, at) });
};
export const talked: Story = (dice, at, tell) => {
  tell(within(dice, at, 0, LASTS_MS), {
    kind: 'talk',
    park: parkFor(dice, at),
    rounds: 1 + dice.below(`${at}/rounds`, 2),
  });
};

/**
 * A family that would rather come today: the day may cost more by now than the one that it bought, and then it pays the rest, or
 * thinks better of it.
 */
export const mover: Story = (dice, at, tell) => {
  const [park, boughtMs] = [parkFor(dice, at), within(dice, at, 0, 4 * HOUR_MS)];
  const guest = dice.below(`${at}/guest`, 4);
  const ticket = tell(boughtMs, { kind: 'buy', guest, park, day: 1, people: peopleFor(dice, at) });
  const pay = (afterMs: number, name: string): void => {
    tell(afterMs, { kind: 'pay', ticket, how: 'pays', told: dice.pick(`${at}/${name}`, [0, 1, 2] as const) });
  };
  pay(boughtMs + 2 * MINUTE_MS, 'told');
  const movedMs = boughtMs + (20 + dice.below(`${at}/moved`, 100)) * MINUTE_MS;
  if (dice.chance(`${at}/dearer`, 0.5)) tell(movedMs - MINUTE_MS, { kind: 'price', park, som: 600 });
  tell(movedMs, { kind: 'move', ticket, day: 0 });
  if (dice.chance(`${at}/rest`, 0.7)) pay(movedMs + (1 + dice.below(`${at}/paid`, 40)) * MINUTE_MS, 'told the rest');
  if (dice.chance(`${at}/cancels`, 0.15)) tell(movedMs + HOUR_MS, { kind: 'cancel', ticket, by: 'manager' });
  const comesMs = Math.max(OPENS_MS[0], movedMs + HOUR_MS) + dice.below(`${at}/comes`, 120) * MINUTE_MS;
  if (dice.chance(`${at}/visits`, 0.8)) visit(dice, at, tell, { ticket, park, fromMs: comesMs });
  const scan = { kind: 'scan', park, ticket, direction: 'in', people: null, again: false } as const;
  if (dice.chance(`${at}/old day`, 0.5))
    tell(OPENS_MS[1] + HOUR_MS, { ...scan, printed: dice.chance(`${at}/printed`, 0.5) });
};
