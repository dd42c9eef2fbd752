import { createHash } from 'node:crypto';

/**
 * Randomness by purpose: every question is answered by a hash of the seed and what the question is for, never by where a shared
 * stream stands. So a step that is left out of a plan changes no other step.
 */
export type Dice = {
  /** From 0 up to 1. */
  number(purpose: string): number;
  /** A whole number from 0 up to `end`. */
  below(purpose: string, end: number): number;
  chance(purpose: string, probability: number): boolean;
  /** @throws when the list is empty */
  pick<Item>(purpose: string, items: readonly Item[]): Item;
  bytes(purpose: string, count: number): Buffer;
};

export function createDice(seed: string): Dice {
  const hash = (purpose: string): Buffer => createHash('sha256').update(`${seed}\0${purpose}`).digest();
  const number = (purpose: string): number => hash(purpose).readUIntBE(0, 6) / 2 ** 48;
  const below = (purpose: string, end: number): number => Math.floor(number(purpose) * end);
  return {
    number,
    below,
    chance: (purpose, probability) => number(purpose) < probability,
    pick(purpose, items) {
      const item = items[below(purpose, items.length)];
      if (item === undefined) throw new Error(`${purpose}: nothing to pick from`);
      return item;
    },
    bytes: (purpose, count) =>
      Buffer.concat(Array.from({ length: Math.ceil(count / 32) }, (_, block) => hash(`${purpose}/${block}`))).subarray(
        0,
        count,
      ),
  };
}
