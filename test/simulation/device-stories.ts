import type { Dice } from './dice.ts';
import {
  dayFor,
  HOUR_MS,
  MINUTE_MS,
  OPEN_MS,
  OPENS_MS,
  parkFor,
  peopleFor,
  within,
  type Story,
  type Tell,
} from './story.ts';
import type { ParkId } from './places.ts';

type At = { readonly park: ParkId; readonly day: 0 | 1; readonly aloneMs: number };

/** Families who come to a gate that reaches nobody: some bought at the desk, some online, one of them while the gate was alone. */
function families(dice: Dice, at: string, tell: Tell, { park, day, aloneMs }: At): readonly number[] {
  return Array.from({ length: 2 + dice.below(`${at}/families`, 3) }, (_, each) => {
    const [name, boughtMs] = [`${at}/family/${each}`, aloneMs + (each === 0 ? 2 : each - 20) * MINUTE_MS];
    const people = peopleFor(dice, name);
    if (each > 0 && dice.chance(`${name}/desk`, 0.6))
      return tell(boughtMs, { kind: 'sell', park, people, method: 'cash' });
    const ticket = tell(boughtMs, { kind: 'buy', guest: dice.below(`${name}/guest`, 4), park, day, people });
    tell(boughtMs + 1, { kind: 'pay', ticket, how: 'pays', told: 1 });
    return ticket;
  });
}

/**
 * A gate device is cut off from its node, decides alone by its log, and brings that later: once, again, two copies at the same
 * moment. Now and then its storage was copied and tells another log; or it is stolen, and what it did not bring stays out.
 */
export const aloneGate: Story = (dice, at, tell) => {
  const [park, day] = [parkFor(dice, at), dayFor(dice, at)];
  const aloneMs = within(dice, at, OPENS_MS[day] + HOUR_MS, OPEN_MS - 4 * HOUR_MS);
  const device = tell(aloneMs - 30 * MINUTE_MS, { kind: 'device', park });
  const tickets = families(dice, at, tell, { park, day, aloneMs });
  const talk = (afterMs: number, of = device, copies: 1 | 2 = 1): void =>
    void tell(afterMs, { kind: 'device_talk', device: of, copies });
  const scan = (afterMs: number, ticket: number, of = device, direction: 'in' | 'out' = 'in'): void =>
    void tell(afterMs, { kind: 'device_scan', device: of, ticket, direction, people: null });
  tell(aloneMs + 9 * MINUTE_MS, { kind: 'work', node: 'hq' });
  talk(aloneMs);
  const copy = dice.chance(`${at}/copied`, 0.3)
    ? tell(aloneMs + 15 * MINUTE_MS, { kind: 'device_copied', device })
    : null;
  for (const [each, ticket] of tickets.entries()) {
    const [name, comesMs] = [`${at}/comes/${each}`, aloneMs + (10 + 7 * each) * MINUTE_MS];
    scan(comesMs, ticket);
    if (dice.chance(`${name}/again`, 0.2)) scan(comesMs + MINUTE_MS, ticket);
    if (copy !== null && each > 0) scan(comesMs + 2 * MINUTE_MS, ticket, copy);
    if (dice.chance(`${name}/elsewhere`, 0.3)) {
      const main = { kind: 'scan', park, ticket, direction: 'in', people: null, again: false } as const;
      tell(comesMs + dice.below(`${name}/when`, 50) * MINUTE_MS, main);
    }
    if (dice.chance(`${name}/out`, 0.2)) scan(comesMs + 45 * MINUTE_MS, ticket, device, 'out');
  }
  const backMs = aloneMs + (50 + dice.below(`${at}/back`, 120)) * MINUTE_MS;
  if (dice.chance(`${at}/half`, 0.4)) talk(aloneMs + 18 * MINUTE_MS);
  if (dice.chance(`${at}/stolen`, 0.3)) tell(backMs - MINUTE_MS, { kind: 'device_stolen', device });
  talk(backMs, device, dice.chance(`${at}/twice`, 0.5) ? 2 : 1);
  if (copy !== null) talk(backMs + (dice.chance(`${at}/first`, 0.5) ? -10 : 10) * MINUTE_MS, copy);
};

/**
 * A family moves its ticket from tomorrow to today while its park is cut off, and comes tomorrow all the same, by the code on
 * paper: the park says so when it is asked, and the move is undone.
 */
export const fickle: Story = (dice, at, tell) => {
  const [park, boughtMs] = [parkFor(dice, at), within(dice, at, 0, 3 * HOUR_MS)];
  const guest = dice.below(`${at}/guest`, 4);
  const ticket = tell(boughtMs, { kind: 'buy', guest, park, day: 1, people: peopleFor(dice, at) });
  tell(boughtMs + MINUTE_MS, { kind: 'pay', ticket, how: 'pays', told: 1 });
  tell(boughtMs + 5 * MINUTE_MS, { kind: 'work', node: 'hq' });
  tell(boughtMs + 6 * MINUTE_MS, { kind: 'talk', park, rounds: 1 });
  const scan = (afterMs: number, change: { readonly people: number | null; readonly printed: boolean }): void =>
    void tell(afterMs, { kind: 'scan', park, ticket, direction: 'in', again: false, ...change });
  // Printed at home, and shown a day early by mistake.
  scan(boughtMs + 10 * MINUTE_MS, { people: null, printed: false });
  const cutMs = boughtMs + (20 + dice.below(`${at}/cut`, 60)) * MINUTE_MS;
  tell(cutMs, { kind: 'cut', park });
  tell(cutMs + 5 * MINUTE_MS, { kind: 'move', ticket, day: 0 });
  if (dice.chance(`${at}/today`, 0.2)) scan(OPENS_MS[0] + 2 * HOUR_MS, { people: 1, printed: false });
  const comesMs = OPENS_MS[1] + dice.below(`${at}/comes`, 60) * MINUTE_MS;
  const inParts = dice.chance(`${at}/parts`, 0.4);
  scan(comesMs, { people: inParts ? 1 : null, printed: true });
  tell(comesMs + 60 * MINUTE_MS, { kind: 'mend', park });
  tell(comesMs + 61 * MINUTE_MS, { kind: 'talk', park, rounds: 2 });
  if (inParts) scan(comesMs + 90 * MINUTE_MS, { people: null, printed: dice.chance(`${at}/paper`, 0.5) });
};
