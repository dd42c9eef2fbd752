import { PARKS, type ParkId } from './world.ts';
import { createDice, type Dice } from './dice.ts';
import type { MessageFault } from './link.ts';

/** What people do. A ticket is named by the step that made it, so that other steps can be left out. */
export type Act =
  | {
      readonly kind: 'buy';
      readonly guest: number;
      readonly park: ParkId;
      readonly day: 0 | 1;
      readonly people: number;
      /** Of a school: so many children, and two adults besides. */
      readonly pupils?: number;
    }
  | { readonly kind: 'pay'; readonly ticket: number; readonly how: 'pays' | 'declines'; readonly told: 0 | 1 | 2 }
  | {
      readonly kind: 'sell';
      readonly park: ParkId;
      readonly people: number;
      readonly method: 'cash' | 'elcard_terminal';
    }
  | {
      readonly kind: 'scan';
      readonly park: ParkId;
      readonly ticket: number;
      readonly direction: 'in' | 'out';
      /** Null: the whole party. */
      readonly people: number | null;
      /** The gate asks again, as one that did not hear the answer. */
      readonly again: boolean;
      /** The gate is cut off and lets them in by the code alone; its node hears of it afterwards. */
      readonly alone?: boolean;
    }
  | { readonly kind: 'cancel'; readonly ticket: number; readonly by: 'guest' | 'manager' }
  | { readonly kind: 'move'; readonly ticket: number; readonly day: 0 | 1 }
  | { readonly kind: 'capacity'; readonly park: ParkId; readonly to: number }
  | { readonly kind: 'price'; readonly park: ParkId; readonly som: number }
  | { readonly kind: 'work'; readonly node: 'hq' | ParkId }
  | { readonly kind: 'talk'; readonly park: ParkId; readonly rounds: number };

/** What breaks. */
export type Fault =
  | { readonly kind: 'cut' | 'replies_lost' | 'mend'; readonly park: ParkId }
  | { readonly kind: 'messages'; readonly park: ParkId; readonly faults: readonly MessageFault[] }
  | { readonly kind: 'crash'; readonly node: 'hq' | ParkId; readonly forgets: number }
  | { readonly kind: 'put_aside' | 'put_back'; readonly node: 'hq' | ParkId }
  | { readonly kind: 'skew'; readonly node: 'hq' | ParkId; readonly ms: number }
  | { readonly kind: 'bank_away' | 'bank_back' };

export type Step = (Act | Fault) & {
  /** Stays the same when other steps are left out. */
  readonly id: number;
  /** Since the beginning. */
  readonly afterMs: number;
};

export type Plan = { readonly seed: string; readonly steps: readonly Step[] };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Two days with their closings. */
const LASTS_MS = 34 * HOUR_MS;
/** From the beginning: when the gates open and how long they stay open, on either day. */
const OPENS_MS = [3 * HOUR_MS, 27 * HOUR_MS] as const;
const OPEN_MS = 10 * HOUR_MS;

type Draft = Act | Fault;
/** Adds a step of a story at its time; answers its id. */
type Tell = (afterMs: number, draft: Draft) => number;
type Story = (dice: Dice, at: string, tell: Tell) => void;

const parkFor = (dice: Dice, at: string): ParkId => dice.pick(`${at}/park`, PARKS);
const nodeFor = (dice: Dice, at: string): 'hq' | ParkId => dice.pick(`${at}/node`, ['hq', ...PARKS] as const);
const peopleFor = (dice: Dice, at: string): number => 1 + dice.below(`${at}/people`, 5);
const within = (dice: Dice, at: string, fromMs: number, lengthMs: number): number =>
  fromMs + Math.floor(dice.number(`${at}/when`) * lengthMs);
const dayFor = (dice: Dice, at: string): 0 | 1 => (dice.chance(`${at}/day`, 0.7) ? 0 : 1);

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
const booking: Story = (dice, at, tell) => {
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
const school: Story = (dice, at, tell) => {
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
const walkUp: Story = (dice, at, tell) => {
  const park = parkFor(dice, at);
  const soldMs = within(dice, at, OPENS_MS[dayFor(dice, at)], OPEN_MS - HOUR_MS);
  const method = dice.pick(`${at}/method`, ['cash', 'cash', 'elcard_terminal'] as const);
  const ticket = tell(soldMs, { kind: 'sell', park, people: peopleFor(dice, at), method });
  if (dice.chance(`${at}/cancels`, 0.1)) tell(soldMs + 3 * MINUTE_MS, { kind: 'cancel', ticket, by: 'manager' });
  visit(dice, at, tell, { ticket, park, fromMs: soldMs + (2 + dice.below(`${at}/comes`, 60)) * MINUTE_MS });
};

/** Managers change what is sold. */
const office: Story = (dice, at, tell) => {
  const [park, afterMs] = [parkFor(dice, at), within(dice, at, 0, LASTS_MS)];
  const isPrice = dice.chance(`${at}/price`, 0.4);
  tell(
    afterMs,
    isPrice
      ? { kind: 'price', park, som: 100 + 50 * dice.below(`${at}/som`, 8) }
      : { kind: 'capacity', park, to: 15 + dice.below(`${at}/to`, 40) },
  );
};

const cable: Story = (dice, at, tell) => {
  const [park, fromMs] = [parkFor(dice, at), within(dice, at, 0, LASTS_MS - HOUR_MS)];
  const kind = dice.pick(`${at}/kind`, ['cut', 'cut', 'replies_lost'] as const);
  tell(fromMs, { kind, park });
  tell(fromMs + (5 + dice.below(`${at}/length`, 480)) * MINUTE_MS, { kind: 'mend', park });
};

const MESSAGE_FAULTS = ['request_lost', 'reply_lost', 'reply_lost', 'twice', 'reply_cut'] as const;
const badMessages: Story = (dice, at, tell) => {
  const many = 1 + dice.below(`${at}/many`, 4);
  const faults = Array.from({ length: many }, (_, each) => dice.pick(`${at}/fault/${each}`, MESSAGE_FAULTS));
  tell(within(dice, at, 0, LASTS_MS), { kind: 'messages', park: parkFor(dice, at), faults });
};

const killed: Story = (dice, at, tell) => {
  tell(within(dice, at, 0, LASTS_MS), {
    kind: 'crash',
    node: nodeFor(dice, at),
    forgets: dice.below(`${at}/forgets`, 12),
  });
};

/** The machine of a park is put back to its backup, hours later. */
const restored: Story = (dice, at, tell) => {
  const [node, fromMs] = [parkFor(dice, at), within(dice, at, 0, LASTS_MS - 3 * HOUR_MS)];
  tell(fromMs, { kind: 'put_aside', node });
  tell(fromMs + (10 + dice.below(`${at}/length`, 300)) * MINUTE_MS, { kind: 'put_back', node });
};

const SKEWS_MS = [
  90_000,
  -90_000,
  20 * MINUTE_MS,
  -20 * MINUTE_MS,
  3 * HOUR_MS,
  -3 * HOUR_MS,
  365 * 24 * HOUR_MS,
] as const;
const wrongClock: Story = (dice, at, tell) => {
  const [node, fromMs] = [nodeFor(dice, at), within(dice, at, 0, LASTS_MS - HOUR_MS)];
  tell(fromMs, { kind: 'skew', node, ms: dice.pick(`${at}/skew`, SKEWS_MS) });
  tell(fromMs + (5 + dice.below(`${at}/length`, 120)) * MINUTE_MS, { kind: 'skew', node, ms: 0 });
};

const bankAway: Story = (dice, at, tell) => {
  const fromMs = within(dice, at, 0, LASTS_MS - HOUR_MS);
  tell(fromMs, { kind: 'bank_away' });
  tell(fromMs + (5 + dice.below(`${at}/length`, 120)) * MINUTE_MS, { kind: 'bank_back' });
};

/** What goes on by itself, of which a plan needs less than there is. */
const worked: Story = (dice, at, tell) => {
  tell(within(dice, at, 0, LASTS_MS), { kind: 'work', node: nodeFor(dice, at) });
};
const talked: Story = (dice, at, tell) => {
  tell(within(dice, at, 0, LASTS_MS), {
    kind: 'talk',
    park: parkFor(dice, at),
    rounds: 1 + dice.below(`${at}/rounds`, 2),
  });
};

/** How many of each there are in a plan, at least and at most. */
const STORIES: readonly (readonly [name: string, story: Story, least: number, most: number])[] = [
  ['booking', booking, 8, 20],
  ['school', school, 0, 1],
  ['walk-up', walkUp, 4, 12],
  ['office', office, 0, 3],
  ['cable', cable, 1, 4],
  ['messages', badMessages, 0, 4],
  ['killed', killed, 0, 3],
  ['restored', restored, 0, 1],
  ['clock', wrongClock, 0, 1],
  ['bank', bankAway, 0, 1],
  ['work', worked, 8, 16],
  ['talk', talked, 14, 28],
];

/** What a seed stands for: everything that happens, spelled out. */
export function planOf(seed: string): Plan {
  const dice = createDice(seed);
  const steps: Step[] = [];
  for (const [name, story, least, most] of STORIES) {
    const count = least + dice.below(`${name}/count`, most - least + 1);
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
