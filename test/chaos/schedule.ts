import { readFile } from 'node:fs/promises';
import { createRandom } from '../support/random.ts';
import type { Cable } from './network.ts';
import type { Weather } from './wire.ts';

export const PARKS = ['alpha', 'beta', 'gamma'] as const;
export const PARTS = ['redis', 'rabbitmq', 's3'] as const;
export type Part = (typeof PARTS)[number];

/** What breaks or is mended. A node is `hq` or that of a park. */
export type Fault =
  | { readonly do: 'pull' | 'plug'; readonly park: string; readonly cable: Cable }
  /** Of the way between a park and headquarters. */
  | ({ readonly do: 'weather'; readonly park: string } & Weather)
  | { readonly do: 'break_connections'; readonly park: string }
  /** `kill -9`, of the program or of everything on its machine; it is started again at once. */
  | { readonly do: 'kill' | 'power_cut'; readonly node: string }
  | { readonly do: 'pause' | 'resume'; readonly node: string }
  | { readonly do: 'clock'; readonly node: string; readonly aheadMs: number }
  | { readonly do: 'fill_disk' | 'free_disk'; readonly node: string }
  /** Its data are copied, and later all that there is of its disk; its marker is on another one. */
  | { readonly do: 'put_aside' | 'put_back'; readonly park: string }
  /** Its whole machine is copied, marker and all, and both run on. */
  | { readonly do: 'clone'; readonly park: string }
  | { readonly do: 'kill_part' | 'start_part'; readonly part: Part | 'provider' };

export type Step = Fault & {
  /** Seconds since the beginning. */
  readonly at: number;
};

export type Schedule = {
  readonly name: string;
  /** For how many seconds people come and things break. Then everything is mended. */
  readonly lasts: number;
  readonly parks: readonly string[];
  readonly steps: readonly Step[];
};

export async function readSchedule(file: string): Promise<Schedule> {
  return JSON.parse(await readFile(file, 'utf8')) as Schedule;
}

const LASTS = 45;
/** When faults begin, and how much is left for them to end in. */
const [FIRST, LAST] = [3, 30];

type Dice = {
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
};

type Story = (dice: Dice, at: number) => readonly Step[];

function diceOf(seed: number): Dice {
  const random = createRandom(seed);
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  return { between, pick: (items) => items[between(0, items.length - 1)] ?? items[0] };
}

const parkOf = (dice: Dice): string => dice.pick(PARKS);
const nodeOf = (dice: Dice): string => dice.pick(['hq', ...PARKS]);

const pulled: Story = (dice, at) => {
  const [park, cable] = [parkOf(dice), dice.pick<Cable>(['street', 'street', 'gates'])];
  return [
    { at, do: 'pull', park, cable },
    { at: at + dice.between(4, 14), do: 'plug', park, cable },
  ];
};

const badWeather: Story = (dice, at) => {
  const park = parkOf(dice);
  const isSilent = dice.between(1, 4) === 1;
  const bad = {
    delayMs: dice.between(0, 400),
    jitterMs: dice.between(0, 300),
    lossPercent: dice.between(0, 25),
    isSilent,
  };
  return [
    { at, do: 'weather', park, ...bad },
    { at: at + dice.between(5, 14), do: 'weather', park, delayMs: 0, jitterMs: 0, lossPercent: 0, isSilent: false },
  ];
};

const hungUp: Story = (dice, at) => [{ at, do: 'break_connections', park: parkOf(dice) }];
const killed: Story = (dice, at) => [{ at, do: dice.pick(['kill', 'power_cut']), node: nodeOf(dice) }];

const paused: Story = (dice, at) => {
  const node = nodeOf(dice);
  return [
    { at, do: 'pause', node },
    { at: at + dice.between(3, 10), do: 'resume', node },
  ];
};

const AHEAD_MS = [-86_400_000, -3_600_000, -90_000, 90_000, 3_600_000, 86_400_000] as const;
const wrongClock: Story = (dice, at) => {
  const node = parkOf(dice);
  return [
    { at, do: 'clock', node, aheadMs: dice.pick(AHEAD_MS) },
    { at: at + dice.between(4, 12), do: 'clock', node, aheadMs: 0 },
  ];
};

const fullDisk: Story = (dice, at) => {
  const node = parkOf(dice);
  return [
    { at, do: 'fill_disk', node },
    { at: at + dice.between(3, 10), do: 'free_disk', node },
  ];
};

const restored: Story = (dice, at) => {
  const park = parkOf(dice);
  return [
    { at, do: 'put_aside', park },
    { at: at + dice.between(8, 14), do: 'put_back', park },
  ];
};

const cloned: Story = (dice, at) => [{ at, do: 'clone', park: parkOf(dice) }];

const partAway: Story = (dice, at) => {
  const part = dice.pick<Part | 'provider'>(['provider', ...PARTS]);
  return [
    { at, do: 'kill_part', part },
    { at: at + dice.between(3, 12), do: 'start_part', part },
  ];
};

/** How many of each there are, at least and at most. */
const STORIES: readonly (readonly [story: Story, least: number, most: number])[] = [
  [pulled, 1, 3],
  [badWeather, 1, 3],
  [hungUp, 0, 2],
  [killed, 1, 3],
  [paused, 0, 2],
  [wrongClock, 0, 1],
  [fullDisk, 0, 1],
  [restored, 0, 1],
  [cloned, 0, 1],
  [partAway, 0, 2],
];

/** The schedule of a seed, always the same one. What the processes make of it is not. */
export function randomSchedule(seed: number): Schedule {
  const dice = diceOf(seed);
  const steps = STORIES.flatMap(([story, least, most]) =>
    Array.from({ length: dice.between(least, most) }, () => story(dice, dice.between(FIRST, LAST))),
  ).flat();
  return { name: `random, seed ${seed}`, lasts: LASTS, parks: PARKS, steps: steps.toSorted((a, b) => a.at - b.at) };
}
