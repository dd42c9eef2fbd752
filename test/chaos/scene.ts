import type { Patience } from '../../tools/demo/answered.ts';
import { lose, newDiary, type Diary } from '../simulation/diary.ts';
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
    random,
    isOver: false,
  };
}

export function note({ answers }: Pick<Scene, 'answers'>, question: string, answer: string): void {
  const tally = answers.get(question) ?? new Map<string, number>();
  answers.set(question, tally.set(answer, (tally.get(answer) ?? 0) + 1));
}

/** A park was put back to what it was then. @param heard tickets and scans that headquarters had taken from it */
export function loseUnheard(diary: Diary<string>, parkId: string, sinceMs: number, heard: ReadonlySet<string>): void {
  const { tickets, passages } = diary;
  const kept = [
    ...tickets.filter(({ isLost, ticketId }) => !isLost && heard.has(ticketId)),
    ...passages.filter(({ isLost, scanId }) => !isLost && heard.has(scanId)),
  ];
  lose(diary, parkId, sinceMs);
  for (const told of kept) told.isLost = false;
}

/** The node of a gate knows by now whom the gate let in alone, whatever the node had forgotten of it. */
export function noteBrought({ passages }: Pick<Diary<string>, 'passages'>, scanIds: readonly string[]): void {
  for (const passage of passages) {
    if (passage.isLost && scanIds.includes(passage.scanId))
      Object.assign(passage, { isLost: false, toldAtMs: Date.now() });
  }
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
