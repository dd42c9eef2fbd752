import type { Patience } from '../../tools/demo/answered.ts';
import { newDiary, type Diary } from '../simulation/diary.ts';
import type { ChaosChain } from './chain.ts';

/** Somebody at the gates of a park with a code. */
export type Arrival = {
  readonly ticketId: string;
  readonly code: string;
  readonly direction: 'in' | 'out';
  /** When they are there, in ms since 1970. */
  readonly atMs: number;
  /** Nobody else has the code, and they will not show it again. */
  readonly isLast?: boolean;
};

/** What goes on while a schedule is lived, and what is written down of it. */
export type Scene = {
  readonly chain: ChaosChain;
  readonly diary: Diary<string>;
  /** Question → status, or why there was none → how often. */
  readonly answers: Map<string, Map<string, number>>;
  /** Park → who is on the way to its gates. */
  readonly arrivals: ReadonlyMap<string, Arrival[]>;
  /** Tickets for which the provider took money. */
  readonly paid: Set<string>;
  /** Tickets that headquarters took back, or asked the gates whether it may. */
  readonly cancelled: Set<string>;
  readonly random: () => number;
  /** Nobody begins anything new from now on. */
  isOver: boolean;
};

export function newScene(chain: ChaosChain, random: () => number): Scene {
  return {
    chain,
    diary: newDiary<string>(),
    answers: new Map(),
    arrivals: new Map(chain.parks.map(({ parkId }) => [parkId, []])),
    paid: new Set(),
    cancelled: new Set(),
    random,
    isOver: false,
  };
}

export function note({ answers }: Pick<Scene, 'answers'>, question: string, answer: string): void {
  const tally = answers.get(question) ?? new Map<string, number>();
  answers.set(question, tally.set(answer, (tally.get(answer) ?? 0) + 1));
}

/** How long anybody asks for one answer: longer than anything is away. */
const PATIENCE_MS = 150_000;

export const patienceFor = (scene: Pick<Scene, 'answers'>, question: string): Patience => ({
  limitMs: PATIENCE_MS,
  onRepeat: (why) => note(scene, question, why),
});

/** Some are at the gates at once, others take their time. */
export const soon = ({ random }: Pick<Scene, 'random'>): number => Date.now() + 15_000 * random() ** 2;

export const pick = <Item>({ random }: Pick<Scene, 'random'>, items: readonly [Item, ...Item[]]): Item =>
  items[Math.floor(random() * items.length)] ?? items[0];
