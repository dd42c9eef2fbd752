import { assert } from '../assert.ts';
import { refuse, ok, type Result } from '../result.ts';
import { mergedBy, type Replica } from './version-vector.ts';

/**
 * An amount that replicas take from without asking one another, and that never falls below zero: each holds rights to a part of
 * it and spends only those. Rights move by transfers, which the giver writes down before it tells the receiver; what was given
 * and has not been heard of belongs to nobody. Everything in here only grows, and of two readings the greater is the newer.
 * Source: Balegas and others, "Extending eventually consistent cloud databases for enforcing numeric invariants", 2015; the
 * escrow method goes back to O'Neil, 1986. Unlike the implementations that are around, a transfer to oneself is refused: it would
 * make rights from nothing.
 *
 * It protects a bound only while no replica forgets what it wrote: one that was restored from a backup must become another
 * replica, without rights.
 */
export type BoundedCounter = {
  /** What the replica brought in. */
  readonly made: ReadonlyMap<Replica, number>;
  /** By giver and receiver. */
  readonly given: ReadonlyMap<Transfer, Gift>;
  readonly spent: ReadonlyMap<Replica, number>;
};

type Transfer = string;
type Gift = { readonly from: Replica; readonly to: Replica; readonly amount: number };

/** The replica holds rights to less than it wants to spend or give. */
export type NotEnoughRights = { readonly code: 'not_enough_rights'; readonly rights: number };

export const BOUNDED_COUNTER: BoundedCounter = { made: new Map(), given: new Map(), spent: new Map() };

/** What a replica may spend or give, as far as this state knows; its own state knows all. */
export function rightsOf({ made, given, spent }: BoundedCounter, replica: Replica): number {
  let rights = (made.get(replica) ?? 0) - (spent.get(replica) ?? 0);
  for (const { from, to, amount } of given.values()) {
    if (from === replica) rights -= amount;
    if (to === replica) rights += amount;
  }
  return rights;
}

/** What all have brought in and nobody has spent. */
export const leftOf = ({ made, spent }: BoundedCounter): number => total(made) - total(spent);

/** Brings in more, for the replica to spend or give. */
export const makeRights = (counter: BoundedCounter, replica: Replica, amount: number): BoundedCounter => ({
  ...counter,
  made: raised(counter.made, replica, amount),
});

export function spend(
  counter: BoundedCounter,
  replica: Replica,
  amount: number,
): Result<BoundedCounter, NotEnoughRights> {
  const spent = raised(counter.spent, replica, amount);
  const rights = rightsOf(counter, replica);
  return rights < amount ? refuse({ code: 'not_enough_rights', rights }) : ok({ ...counter, spent });
}

/** @throws BrokenInvariant when giver and receiver are the same. */
export function give(
  counter: BoundedCounter,
  from: Replica,
  to: Replica,
  amount: number,
): Result<BoundedCounter, NotEnoughRights> {
  assert(from !== to, `${from} cannot give to itself`);
  assertAmount(amount);
  const rights = rightsOf(counter, from);
  if (rights < amount) return refuse({ code: 'not_enough_rights', rights });
  const transfer = JSON.stringify([from, to]);
  const before = counter.given.get(transfer)?.amount ?? 0;
  return ok({ ...counter, given: new Map(counter.given).set(transfer, { from, to, amount: before + amount }) });
}

export const mergeBounded = (one: BoundedCounter, other: BoundedCounter): BoundedCounter => ({
  made: mergedBy(one.made, other.made, Math.max),
  given: mergedBy(one.given, other.given, (mine, theirs) => (mine.amount < theirs.amount ? theirs : mine)),
  spent: mergedBy(one.spent, other.spent, Math.max),
});

const total = (parts: ReadonlyMap<Replica, number>): number => [...parts.values()].reduce((sum, part) => sum + part, 0);

function assertAmount(amount: number): void {
  assert(Number.isSafeInteger(amount) && amount > 0, `${amount} is no amount of rights`);
}

function raised(parts: ReadonlyMap<Replica, number>, replica: Replica, amount: number): ReadonlyMap<Replica, number> {
  assertAmount(amount);
  return new Map(parts).set(replica, (parts.get(replica) ?? 0) + amount);
}
