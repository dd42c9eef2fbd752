import type { ParkId } from './world.ts';

/** Something that a node acknowledged. */
type Told<Park> = {
  readonly at: 'hq' | Park;
  readonly atMs: number;
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
};

/** What the world knows, whatever the nodes have written down. */
export type Diary<Park = ParkId> = {
  readonly tickets: HeldTicket<Park>[];
  readonly passages: Passage<Park>[];
  /** Nodes that were put back to a backup. */
  readonly putBack: Set<'hq' | Park>;
  /** Parks whose node was revoked. */
  readonly revoked: Set<Park>;
  /** When headquarters had last taken all that a park had written. */
  readonly drainedMs: Map<Park, number>;
  /** What happened, a line a step, with nothing in it that another run would have differently. */
  readonly lines: string[];
  /** Rare states that were reached, and how often. */
  readonly reached: Map<string, number>;
};

export const newDiary = <Park = ParkId>(): Diary<Park> => ({
  tickets: [],
  passages: [],
  putBack: new Set(),
  revoked: new Set(),
  drainedMs: new Map(),
  lines: [],
  reached: new Map(),
});

export const reach = ({ reached }: Pick<Diary, 'reached'>, state: string): void =>
  void reached.set(state, (reached.get(state) ?? 0) + 1);

/** What was told at a node since then, and headquarters has not heard, is gone with it. */
export function lose<Park>({ tickets, passages, drainedMs }: Diary<Park>, at: 'hq' | Park, sinceMs: number): void {
  const heardMs = at === 'hq' ? -Infinity : (drainedMs.get(at) ?? -Infinity);
  for (const told of [...tickets, ...passages]) {
    if (told.at === at && told.atMs >= sinceMs && told.atMs > heardMs) told.isLost = true;
  }
}
