import type { Transfer } from '../../../kernel/decider.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import { capacityAccount, type CapacityBucket } from './capacity.ts';

/** The counters of one day as the store keeps them: an append that would take one below zero changes nothing. */
export class Counters {
  readonly #parkId: string;
  readonly #date: LocalDate;
  #balances: ReadonlyMap<string, number> = new Map();

  constructor(parkId: string, date: LocalDate) {
    this.#parkId = parkId;
    this.#date = date;
  }

  of(bucket: CapacityBucket): number {
    return this.#balances.get(capacityAccount(this.#parkId, this.#date, bucket)) ?? 0;
  }

  apply(transfers: readonly Transfer[]): boolean {
    const after = new Map(this.#balances);
    for (const { from, to, amount, overdraws = false } of transfers) {
      const left = from === null ? 0 : (after.get(from) ?? 0) - amount;
      if (left < 0 && !overdraws) return false;
      if (from !== null) after.set(from, left);
      if (to !== null) after.set(to, (after.get(to) ?? 0) + amount);
    }
    this.#balances = after;
    return true;
  }

  /** The same balances, which go their own way from here. */
  copy(): Counters {
    const copy = new Counters(this.#parkId, this.#date);
    copy.#balances = this.#balances;
    return copy;
  }
}
