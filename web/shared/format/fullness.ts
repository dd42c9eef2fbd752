export type Fullness = 'good' | 'warn' | 'bad';

const FULL = 1;
const ALMOST = 0.85;

/** Whether there is room, little of it, or none; also the class that gives it its colours. */
export function fullnessOf(taken: number, most: number): Fullness {
  const share = most === 0 ? 0 : taken / most;
  if (share >= FULL) return 'bad';
  return share >= ALMOST ? 'warn' : 'good';
}
