import type { ParkId } from './world.ts';

/** Something that a node acknowledged. */
type Told = {
  readonly at: 'hq' | ParkId;
  readonly atMs: number;
  /** A node was put back to before it: nobody may be blamed where it is gone, and nothing may rest on it. */
  isLost: boolean;
};

/** A ticket as the people who hold it know it. */
export type HeldTicket = Told & {
  /** The step of the plan that made it. */
  readonly step: number;
  readonly ticketId: string;
  readonly parkId: ParkId;
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
export type Passage = Told & {
  readonly scanId: string;
  readonly ticketId: string;
  readonly parkId: ParkId;
  readonly date: string;
  readonly direction: 'in' | 'out';
  readonly people: number;
  /** Nobody was asked; the code alone let them in. */
  readonly isAlone: boolean;
};

/** What the world knows, whatever the nodes have written down. */
export type Diary = {
  readonly tickets: HeldTicket[];
  readonly passages: Passage[];
  /** What happened, a line a step, with nothing in it that another run would have differently. */
  readonly lines: string[];
  /** Rare states that were reached, and how often. */
  readonly reached: Map<string, number>;
};

export const newDiary = (): Diary => ({ tickets: [], passages: [], lines: [], reached: new Map() });

export const reach = ({ reached }: Diary, state: string): void =>
  void reached.set(state, (reached.get(state) ?? 0) + 1);
