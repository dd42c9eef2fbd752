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
  code: string | null;
  paymentId: string | null;
  externalId: string | null;
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
  /** What happened, a line a step, with nothing in it that another run would have differently. */
  readonly lines: string[];
  /** Rare states that were reached, and how often. */
  readonly reached: Map<string, number>;
};

export const newDiary = <Park = ParkId>(): Diary<Park> => ({
  tickets: [],
  passages: [],
  putBack: new Set(),
  lines: [],
  reached: new Map(),
});

export const reach = ({ reached }: Pick<Diary, 'reached'>, state: string): void =>
  void reached.set(state, (reached.get(state) ?? 0) + 1);
