import type { Dice } from './dice.ts';
import type { Act, Fault } from './steps.ts';
import { PARKS, type ParkId } from './places.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** Two days with their closings. */
export const LASTS_MS = 34 * HOUR_MS;
/** From the beginning: when the gates open and how long they stay open, on either day. */
export const OPENS_MS = [3 * HOUR_MS, 27 * HOUR_MS] as const;
export const OPEN_MS = 10 * HOUR_MS;

type Draft = Act | Fault;
/** Adds a step of a story at its time; answers its id. */
export type Tell = (afterMs: number, draft: Draft) => number;
export type Story = (dice: Dice, at: string, tell: Tell) => void;

export const parkFor = (dice: Dice, at: string): ParkId => dice.pick(`${at}/park`, PARKS);
export const nodeFor = (dice: Dice, at: string): 'hq' | ParkId => dice.pick(`${at}/node`, ['hq', ...PARKS] as const);
export const peopleFor = (dice: Dice, at: string): number => 1 + dice.below(`${at}/people`, 5);
export const within = (dice: Dice, at: string, fromMs: number, lengthMs: number): number =>
  fromMs + Math.floor(dice.number(`${at}/when`) * lengthMs);
export const dayFor = (dice: Dice, at: string): 0 | 1 => (dice.chance(`${at}/day`, 0.7) ? 0 : 1);
