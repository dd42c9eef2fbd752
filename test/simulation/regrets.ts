import type { Dice } from './dice.ts';
import { dayFor, HOUR_MS, MINUTE_MS, OPEN_MS, OPENS_MS, parkFor, within, type Story, type Tell } from './story.ts';
import type { ParkId } from './places.ts';

type Party = { readonly park: ParkId; readonly ticket: number };

/** A family that has a ticket for today, from the desk or online, of which the gates have heard. */
function family(dice: Dice, at: string, tell: Tell, park: ParkId, soldMs: number, day: 0 | 1): Party {
  const people = 2 + dice.below(`${at}/people`, 4);
  if (dice.chance(`${at}/desk`, 0.4))
    return { park, ticket: tell(soldMs, { kind: 'sell', park, people, method: 'cash' }) };
  const ticket = tell(soldMs, { kind: 'buy', guest: dice.below(`${at}/guest`, 4), park, day, people });
  const told = dice.pick(`${at}/told`, [1, 1, 0] as const);
  tell(soldMs + MINUTE_MS, { kind: 'pay', ticket, how: 'pays', told });
  tell(soldMs + 2 * MINUTE_MS, { kind: 'work', node: 'hq' });
  tell(soldMs + 3 * MINUTE_MS, { kind: 'talk', park, rounds: 1 });
  if (told === 0) tell(soldMs + HOUR_MS, { kind: 'pay', ticket, how: 'pays', told: 1 });
  return { park, ticket };
}

/** What is wrong with the way to headquarters meanwhile; a park that is taken over is not heard any more. */
const straits = (dice: Dice, at: string): 'none' | 'cut' | 'replies_lost' | 'revoke' =>
  dice.pick(`${at}/straits`, ['none', 'cut', 'cut', 'cut', 'replies_lost', 'replies_lost', 'revoke'] as const);

/**
 * Some of a family are inside when somebody wants its money back: its guest, a manager, or one who insists. Headquarters cannot ask
 * the gates meanwhile, does not hear what they say, or has taken them over.
 */
const inside: Story = (dice, at, tell) => {
  const [park, day] = [parkFor(dice, at), dayFor(dice, at)];
  const soldMs = within(dice, at, OPENS_MS[day], OPEN_MS - 3 * HOUR_MS);
  const party = family(dice, at, tell, park, soldMs, day);
  const scan = (afterMs: number, people: number | null, direction: 'in' | 'out' = 'in'): void =>
    void tell(afterMs, { kind: 'scan', ...party, direction, people, again: false });
  const comesMs = soldMs + (10 + dice.below(`${at}/comes`, 40)) * MINUTE_MS;
  const [first, wrong] = [dice.pick(`${at}/first`, ['all', 'one', 'one', 'nobody'] as const), straits(dice, at)];
  if (first !== 'nobody') scan(comesMs, first === 'one' ? 1 : null);
  if (wrong === 'revoke') tell(comesMs + MINUTE_MS, { kind: 'talk', park, rounds: 1 });
  const wrongMs =
    wrong !== 'revoke' && dice.chance(`${at}/before`, 0.5) ? comesMs - MINUTE_MS : comesMs + 2 * MINUTE_MS;
  if (wrong !== 'none') tell(wrongMs, { kind: wrong, park });
  const by = dice.chance(`${at}/guest cancels`, 0.15) ? 'guest' : 'manager';
  const override = by === 'manager' && dice.chance(`${at}/override`, 0.2);
  const cancelMs = comesMs + (5 + dice.below(`${at}/cancels`, 20)) * MINUTE_MS;
  tell(cancelMs, { kind: 'cancel', ticket: party.ticket, by, ...(override ? { override } : {}) });
  if (dice.chance(`${at}/rest`, 0.5)) scan(cancelMs + 3 * MINUTE_MS, null);
  if (dice.chance(`${at}/insists`, 0.2))
    tell(cancelMs + 10 * MINUTE_MS, { kind: 'cancel', ticket: party.ticket, by: 'manager', override: true });
  if (wrong === 'cut' || wrong === 'replies_lost') tell(cancelMs + 20 * MINUTE_MS, { kind: 'mend', park });
  tell(cancelMs + 21 * MINUTE_MS, { kind: 'talk', park, rounds: 2 });
  if (dice.chance(`${at}/later`, 0.5)) scan(cancelMs + 30 * MINUTE_MS, null);
  if (dice.chance(`${at}/leaves`, 0.5)) scan(cancelMs + 50 * MINUTE_MS, null, 'out');
};

/** A guest cancels the day before, while the park is cut off, and the family comes all the same: the gates say so when they are asked. */
const overnight: Story = (dice, at, tell) => {
  const [park, boughtMs] = [parkFor(dice, at), within(dice, at, 0, 6 * HOUR_MS)];
  const guest = dice.below(`${at}/guest`, 4);
  const ticket = tell(boughtMs, { kind: 'buy', guest, park, day: 1, people: 2 + dice.below(`${at}/people`, 4) });
  tell(boughtMs + MINUTE_MS, { kind: 'pay', ticket, how: 'pays', told: 1 });
  tell(boughtMs + 2 * MINUTE_MS, { kind: 'work', node: 'hq' });
  tell(boughtMs + 3 * MINUTE_MS, { kind: 'talk', park, rounds: 1 });
  const cutMs = boughtMs + (20 + dice.below(`${at}/cut`, 60)) * MINUTE_MS;
  tell(cutMs, { kind: 'cut', park });
  tell(cutMs + 5 * MINUTE_MS, { kind: 'cancel', ticket, by: dice.chance(`${at}/by`, 0.7) ? 'guest' : 'manager' });
  const comesMs = OPENS_MS[1] + dice.below(`${at}/comes`, 60) * MINUTE_MS;
  const people = dice.chance(`${at}/parts`, 0.5) ? 1 : null;
  if (dice.chance(`${at}/visits`, 0.8))
    tell(comesMs, { kind: 'scan', park, ticket, direction: 'in', people, again: false });
  tell(comesMs + 30 * MINUTE_MS, { kind: 'mend', park });
  tell(comesMs + 31 * MINUTE_MS, { kind: 'talk', park, rounds: 2 });
  if (people === 1)
    tell(comesMs + HOUR_MS, { kind: 'scan', park, ticket, direction: 'in', people: null, again: false });
};

/** A ticket is to end whose family is inside, or comes meanwhile. */
export const regret: Story = (dice, at, tell) =>
  dice.chance(`${at}/overnight`, 0.3) ? overnight(dice, at, tell) : inside(dice, at, tell);
