import { createDice, type Dice } from './dice.ts';
import { aloneGate, fickle } from './device-stories.ts';
import { badMessages, bankAway, cable, diskFull, killed, restored, stolen, wrongClock } from './mishaps.ts';
import { leaver } from './leavers.ts';
import { regret } from './regrets.ts';
import type { Plan, Step } from './steps.ts';
import { booking, mover, office, school, talked, walkUp, worked } from './stories.ts';
import type { Story } from './story.ts';

/** How many of each there are in a plan, at least and at most. */
const STORIES: readonly (readonly [name: string, story: Story, least: number, most: number])[] = [
  ['booking', booking, 5, 12],
  ['mover', mover, 0, 2],
  ['school', school, 0, 1],
  ['walk-up', walkUp, 3, 8],
  ['alone gate', aloneGate, 0, 1],
  ['fickle', fickle, 0, 1],
  ['office', office, 0, 3],
  ['cable', cable, 1, 4],
  ['messages', badMessages, 0, 4],
  ['killed', killed, 0, 3],
  ['restored', restored, 0, 1],
  ['stolen', stolen, 1, 1],
  ['disk', diskFull, 0, 1],
  ['clock', wrongClock, 0, 1],
  ['bank', bankAway, 0, 1],
  ['work', worked, 4, 10],
  ['talk', talked, 8, 18],
  // Behind the others: the steps of a seed keep their numbers.
  ['regret', regret, 1, 2],
  ['leaver', leaver, 0, 1],
];

/** Share of the usual number of stories that a plan has. Most are small: many different days find more than a few full ones. */
const SIZES = [0.15, 0.1, 0.15, 0.1, 0.15, 0.1, 0.25, 0.1, 0.25, 0.1, 0.4, 0.15, 1, 0.25] as const;
/** How often a kind of story is left out of a plan that is not full: what happens all the time hides what it keeps from happening. */
const LEFT_OUT = 0.4;
/** Of kinds that a full plan has so many of at least there are some in every plan: no day is without them. */
const EVERYDAY = 3;

/** How many stories of a kind a plan has, of so many at least and at most in a full one. */
function countOf(dice: Dice, name: string, least: number, most: number, size: number): number {
  const full = least + dice.below(`${name}/count`, most - least + 1);
  if (size === 1) return full;
  if (least < EVERYDAY && dice.chance(`${name}/left out`, LEFT_OUT)) return 0;
  // What is left of a story after whole ones is told with that chance.
  return Math.floor(full * size + dice.number(`${name}/rounded`));
}

/**
 * What a seed stands for: everything that happens, spelled out. Plans differ in size and in which kinds of stories they have at all, as in
 * swarm testing (Groce, Zhang, Eide, Chen and Regehr, ISSTA 2012).
 */
export function planOf(seed: string): Plan {
  const dice = createDice(seed);
  const size = dice.pick('size', SIZES);
  const steps: Step[] = [];
  for (const [name, story, least, most] of STORIES) {
    const count = countOf(dice, name, least, most, size);
    for (let each = 0; each < count; each += 1) {
      story(dice, `${name}/${each}`, (afterMs, draft) => {
        const id = steps.length;
        steps.push({ ...draft, id, afterMs });
        return id;
      });
    }
  }
  return { seed, steps: steps.toSorted((one, other) => one.afterMs - other.afterMs || one.id - other.id) };
}
