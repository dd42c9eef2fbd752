import type { Decider } from '../../../kernel/decider.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';

/** Ways of paying whose providers or banks send statements. */
export type StatementMethod = 'elqr' | 'elcard' | 'elcard_terminal';

/**
 * Money that only a statement tells of: what the provider kept, what it sent to our bank, what it has of ours beyond what we
 * booked, and what of ours nobody will ever see again (below zero) or ask for (above).
 */
export type MovementKind = 'fee' | 'payout' | 'unexplained' | 'written_off';

export type StatementMovement = {
  readonly kind: MovementKind;
  /** Empty where it belongs to no one park: an account of the whole chain is paid out for all. */
  readonly parkId: string;
  /** On which the statement says it moved. */
  readonly day: LocalDate;
  /** Below zero takes back what was booked before. */
  readonly amountTyiyn: Tyiyn;
};

/** Which statement an event is about. */
export type StatementOf = {
  readonly statementId: string;
  readonly method: StatementMethod;
  /** Null for an account of all parks. */
  readonly parkId: string | null;
};

/** Somebody imported a statement. */
export type StatementImported = {
  readonly type: 'StatementImported';
  readonly data: StatementOf & { readonly from: LocalDate; readonly to: LocalDate; readonly importedAtMs: number };
};

/** Somebody had what a statement tells booked: by how much the books are changed. */
export type StatementBooked = {
  readonly type: 'StatementBooked';
  readonly data: StatementOf & { readonly movements: readonly StatementMovement[]; readonly bookedAtMs: number };
};

/** Somebody took a statement back; whatever it had booked is taken back too. */
export type StatementWithdrawn = {
  readonly type: 'StatementWithdrawn';
  readonly data: StatementOf & { readonly withdrawnAtMs: number };
};

type StatementEvent = StatementImported | StatementBooked | StatementWithdrawn;

export type StatementCommand =
  | { readonly kind: 'import'; readonly told: StatementImported['data'] }
  /** `movements` is all that the statement tells, whatever of it is booked already. */
  | {
      readonly kind: 'book';
      readonly of: StatementOf;
      readonly movements: readonly StatementMovement[];
      readonly nowMs: number;
    }
  | { readonly kind: 'withdraw'; readonly of: StatementOf; readonly nowMs: number };

/** What is booked of a statement, by what, where and when. */
export type StatementState = {
  readonly booked: ReadonlyMap<string, StatementMovement>;
  readonly isWithdrawn: boolean;
};

/** Movements of one event: each is two entries, and entries of an event are numbered in two bytes. */
const MOST_MOVEMENTS = 1000;

const keyOf = ({ kind, parkId, day }: StatementMovement): string => `${day} ${kind} ${parkId}`;

/** Movements of the same kind, park and day as one; those that come to nothing are left out. In one order. */
export function addUp(movements: Iterable<StatementMovement>): ReadonlyMap<string, StatementMovement> {
  const sums = new Map<string, StatementMovement>();
  for (const one of movements) {
    const before = sums.get(keyOf(one))?.amountTyiyn ?? 0n;
    sums.set(keyOf(one), { ...one, amountTyiyn: before + one.amountTyiyn });
  }
  const left = [...sums].filter(([, { amountTyiyn }]) => amountTyiyn !== 0n);
  return new Map(left.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

const opposite = (one: StatementMovement): StatementMovement => ({ ...one, amountTyiyn: -one.amountTyiyn });

/** What has to be booked so that a statement is booked as it tells now. */
function changes(
  state: StatementState,
  of: StatementOf,
  told: readonly StatementMovement[],
  nowMs: number,
): StatementBooked[] {
  const movements = [...addUp([...told, ...[...state.booked.values()].map(opposite)]).values()];
  return Array.from({ length: Math.ceil(movements.length / MOST_MOVEMENTS) }, (_, part) => ({
    type: 'StatementBooked',
    data: { ...of, movements: movements.slice(part * MOST_MOVEMENTS, (part + 1) * MOST_MOVEMENTS), bookedAtMs: nowMs },
  }));
}

/**
 * A statement is booked up to what it tells: the same again books nothing, and what it tells otherwise since, because it was
 * read or resolved otherwise, is booked by the difference.
 */
export const statement: Decider<StatementCommand, StatementState, StatementEvent, never> = {
  aggregateType: 'Statement',
  initial: { booked: new Map(), isWithdrawn: false },
  decide(command, state): Result<readonly StatementEvent[], never> {
    switch (command.kind) {
      case 'import':
        return ok([{ type: 'StatementImported', data: command.told }]);
      case 'book':
        return ok(state.isWithdrawn ? [] : changes(state, command.of, command.movements, command.nowMs));
      case 'withdraw': {
        if (state.isWithdrawn) return ok([]);
        const withdrawn = {
          type: 'StatementWithdrawn',
          data: { ...command.of, withdrawnAtMs: command.nowMs },
        } as const;
        return ok([...changes(state, command.of, [], command.nowMs), withdrawn]);
      }
    }
  },
  evolve(state, event) {
    if (event.type === 'StatementWithdrawn') return { ...state, isWithdrawn: true };
    // The same file under the same id: its withdrawal broke off before its lines were gone.
    if (event.type === 'StatementImported') return { ...state, isWithdrawn: false };
    return { ...state, booked: addUp([...state.booked.values(), ...event.data.movements]) };
  },
};
