import type { ParkId } from './places.ts';

/** Something that a node acknowledged. */
type Told<Park> = {
  readonly at: 'hq' | Park;
  atMs: number;
  /** A node was put back to before it: nobody may be blamed where it is gone, and nothing may rest on it. */
  isLost: boolean;
};

/** A ticket as the people who hold it know it. */
export type HeldTicket<Park = ParkId> = Told<Park> & {
  /** The step of the plan that made it. */
  readonly step: number;
  readonly ticketId: string;
  readonly parkId: Park;
  readonly people: number;
  /** Null: sold at a desk. */
  readonly guest: number | null;
  /** The days it was good for, in the order in which it was moved. */
  readonly dates: string[];
  /** As its holder sees it by now, and as it was first seen: on paper. */
  code: string | null;
  printedCode: string | null;
  paymentId: string | null;
  /** Orders at the bank for it, in the order in which they were made: the dearer day of a move is another one. */
  readonly externalIds: string[];
};

/** Who really passed a gate. */
export type Passage<Park = ParkId> = Told<Park> & {
  readonly scanId: string;
  readonly ticketId: string;
  readonly parkId: Park;
  readonly date: string;
  readonly direction: 'in' | 'out';
  readonly people: number;
  /** Nobody was asked; the code alone let them in. */
  readonly isAlone?: boolean;
  /** By a device that keeps a log: the step that made it. Lost is what no node knows of; the device may bring it again. */
  readonly device?: number;
  /** When the device had brought it. */
  readonly toldAtMs?: number;
};

/** A node took it that a ticket ends: at once, or when its gates have been asked. */
export type Cancellation<Park = ParkId> = Told<Park> & {
  readonly ticketId: string;
  readonly isOverride: boolean;
};

/** A gate device that keeps a log of its own, as its people know it. Lost where its node has forgotten that it was enrolled. */
export type HeldDevice<Park = ParkId> = Told<Park> & {
  /** The step of the plan that made it, or copied it. */
  readonly step: number;
  readonly deviceId: string;
  readonly parkId: Park;
  /** That it was stolen, as it was said at a node. */
  theft: Told<Park> | null;
  /** There is another one with the same key and log. */
  isCopied: boolean;
  /** A node has said so: it works alone no more. */
  isForked: boolean;
};

/** Somebody who works at a park with an account of their own. Lost where headquarters has forgotten them. */
export type HeldStaff<Park = ParkId> = Told<Park> & {
  /** The step of the plan that hired them. */
  readonly step: number;
  readonly userId: string;
  readonly phone: string;
  readonly password: string;
  readonly parkId: Park;
  /** When headquarters took their role away; null while they have it. */
  dismissedAtMs: number | null;
  /** When the node of their park had heard of that. */
  heardAtMs: number | null;
  /** What they signed in with, and where. */
  token: { readonly at: 'hq' | Park; readonly credential: string } | null;
};

/** What the world knows, whatever the nodes have written down. */
export type Diary<Park = ParkId> = {
  readonly tickets: HeldTicket<Park>[];
  readonly passages: Passage<Park>[];
  readonly cancellations: Cancellation<Park>[];
  /** Tickets of which a gate that got no answer let nobody in: its node may have counted a party all the same. */
  readonly unheard: Set<string>;
  readonly devices: HeldDevice<Park>[];
  readonly staff: HeldStaff<Park>[];
  /** Nodes that were put back to a backup, and each time when, in ms since 1970. */
  readonly putBack: Map<'hq' | Park, readonly number[]>;
  /** Parks whose machine ran twice: what its copy wrote is set apart, and no place there has it. */
  readonly copied: Set<Park>;
  /** Parks whose gates were at two days, since a clock was set while people came: nobody can say for which one they were let in. */
  readonly ofTwoDays: Set<Park>;
  /** Parks whose node was revoked. */
  readonly revoked: Set<Park>;
  /** When headquarters had last taken all that a park had written. */
  readonly drainedMs: Map<Park, number>;
  /** What happened, a line a step, with nothing in it that another run would have differently. */
  readonly lines: string[];
  /** Rare states that were reached, and how often. */
  readonly reached: Map<string, number>;
};

/** Notes that a node was put back. */
export function notePutBack<Park>({ putBack }: Pick<Diary<Park>, 'putBack'>, at: 'hq' | Park, nowMs: number): void {
  putBack.set(at, [...(putBack.get(at) ?? []), nowMs]);
}

export const newDiary = <Park = ParkId>(): Diary<Park> => ({
  tickets: [],
  passages: [],
  cancellations: [],
  unheard: new Set(),
  devices: [],
  staff: [],
  putBack: new Map(),
  copied: new Set(),
  ofTwoDays: new Set(),
  revoked: new Set(),
  drainedMs: new Map(),
  lines: [],
  reached: new Map(),
});

export const reach = ({ reached }: Pick<Diary, 'reached'>, state: string): void =>
  void reached.set(state, (reached.get(state) ?? 0) + 1);

/**
 * How many of a ticket are inside by who really passed. Whoever leaves without having been seen to come in makes no room for others.
 */
export const reallyInside = (passages: readonly Passage<string>[]): number =>
  passages
    .toSorted((one, other) => one.atMs - other.atMs)
    .reduce((now, { direction, people }) => Math.max(0, now + (direction === 'in' ? people : -people)), 0);

/** How many of a ticket have ever come in, those counted twice who came twice. */
export const everIn = (passages: readonly Passage<string>[]): number =>
  passages.reduce((sum, { direction, people }) => sum + (direction === 'in' ? people : 0), 0);

/** What was told at a node since then, and headquarters has not heard, is gone with it. */
export function lose<Park>(diary: Diary<Park>, at: 'hq' | Park, sinceMs: number): void {
  const { tickets, passages, cancellations, devices, staff, drainedMs } = diary;
  const heardMs = at === 'hq' ? -Infinity : (drainedMs.get(at) ?? -Infinity);
  for (const told of [...tickets, ...passages, ...cancellations, ...devices, ...staff]) {
    const toldAtMs = ('toldAtMs' in told ? told.toldAtMs : undefined) ?? told.atMs;
    if (told.at === at && toldAtMs >= sinceMs && toldAtMs > heardMs) told.isLost = true;
  }
  // Who was put back lets a stolen device speak until headquarters has told it again.
  for (const { theft } of devices) {
    if (theft !== null && (theft.at === at || at === 'hq') && theft.atMs >= sinceMs) theft.isLost = true;
  }
  for (const person of staff) {
    if (at === 'hq' && (person.dismissedAtMs ?? -Infinity) >= sinceMs) person.dismissedAtMs = null;
    // A park that was put back knows its staff as it did then, until headquarters has told it again.
    const isForgotten =
      person.dismissedAtMs === null || (at === person.parkId && (person.heardAtMs ?? -Infinity) >= sinceMs);
    if (isForgotten) person.heardAtMs = null;
  }
}
