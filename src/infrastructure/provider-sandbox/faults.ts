import { createHash } from 'node:crypto';
import Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** What a call of the merchant may meet. `answer_lost` and `acted_500` are acted on, the other errors are not. */
const CALL_FAULTS = [
  'answer_lost',
  'acted_500',
  'error_500',
  'unavailable_503',
  'too_many_429',
  'error_in_200',
  'slow',
] as const;

/** Everything that can go wrong, by the moment at which it does. */
export const FAULTS = {
  create: [...CALL_FAULTS, 'created_201'],
  status: CALL_FAULTS,
  refund: CALL_FAULTS,
  /** `out_of_order`: paid, then a refused try before it; `declined_first`: the same two as they happened. */
  webhook: ['lost', 'late', 'duplicate', 'out_of_order', 'declined_first', 'wrong_signature', 'stale_timestamp'],
  /** `after_end`: the payer still pays an order that was declined or has expired. */
  payment: ['other_amount', 'after_end'],
} as const;

export type Moment = keyof typeof FAULTS;
export type FaultAt<At extends Moment> = (typeof FAULTS)[At][number];
export type CallFault = FaultAt<'create' | 'status' | 'refund'>;

const oneOf = (names: readonly string[]) => Type.Union(names.map((name) => Type.Literal(name)));
const FaultSchema = Type.Union(
  Object.entries(FAULTS).map(([moment, kinds]) =>
    Type.Object(
      {
        moment: Type.Literal(moment as Moment),
        kind: oneOf(kinds),
        /** How often in a row. */
        times: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
      },
      { additionalProperties: false },
    ),
  ),
);
const PlanSchema = Type.Object(
  {
    seed: Type.Integer({ minimum: 0 }),
    /** How many of the orders meet a fault at each moment, from 0 to 1. */
    rate: Type.Number({ minimum: 0, maximum: 1 }),
  },
  { additionalProperties: false },
);

export type Fault = { readonly moment: Moment; readonly kind: string; readonly times: number };
/** Faults for every order, chosen by its key: the same seed gives the same order the same faults. */
export type FaultPlan = Readonly<Static<typeof PlanSchema>>;

const Faults = Compile(Type.Array(FaultSchema, { maxItems: 50 }));
const Plan = Compile(PlanSchema);

export const areFaults = (value: unknown): value is readonly Fault[] => Faults.Check(value);
export const isPlan = (value: unknown): value is FaultPlan => Plan.Check(value);

/** Longest row of equal faults that a plan makes. */
const LONGEST_BURST = 3;

/** What a plan has in store for an order. */
export function plannedFaults({ seed, rate }: FaultPlan, orderKey: string): readonly Fault[] {
  return (Object.keys(FAULTS) as Moment[]).flatMap((moment) => {
    const digest = createHash('sha256').update(`${seed}/${moment}/${orderKey}`).digest();
    if (digest.readUInt32BE(0) / 0x1_0000_0000 >= rate) return [];
    const kinds = FAULTS[moment];
    const kind = kinds[digest.readUInt32BE(4) % kinds.length] ?? kinds[0];
    return [{ moment, kind, times: 1 + (digest.readUInt8(8) % LONGEST_BURST) }];
  });
}

export type FaultBook = {
  /**
   * The fault that an order meets now, which is one fewer then; null when all goes well.
   * @param kind the only one that can happen now
   */
  take<At extends Moment>(orderKey: string, moment: At, kind?: FaultAt<At>): FaultAt<At> | null;
  /** Replaces all that an order, known or still to come, has before it. */
  setFor(orderKey: string, faults: readonly Fault[]): void;
  /** For the next order that is created under a new key. */
  setNext(faults: readonly Fault[]): void;
  /** For all orders that are met from now on; null ends it. */
  setPlan(plan: FaultPlan | null): void;
  plan(): FaultPlan | null;
};

/**
 * Who meets which fault. In memory: after a restart the plan deals anew, with the same cards, and what was asked for single
 * orders is forgotten.
 */
export function createFaultBook(firstPlan: FaultPlan | null): FaultBook {
  const due = new Map<string, readonly Fault[]>();
  let plan = firstPlan;
  let next: readonly Fault[] = [];

  function dueOf(orderKey: string, moment: Moment): readonly Fault[] {
    const known = due.get(orderKey);
    if (known !== undefined) return known;
    const isNext = moment === 'create' && next.length > 0;
    const faults = isNext ? next : plan === null ? [] : plannedFaults(plan, orderKey);
    if (isNext) next = [];
    due.set(orderKey, faults);
    return faults;
  }

  return {
    take<At extends Moment>(orderKey: string, moment: At, kind?: FaultAt<At>) {
      const faults = dueOf(orderKey, moment);
      const isPossible = (one: Fault): boolean => one.moment === moment && one.kind === (kind ?? one.kind);
      const fault = faults.find((one) => isPossible(one) && one.times > 0);
      if (fault === undefined) return null;
      due.set(
        orderKey,
        faults.map((one) => (one === fault ? { ...one, times: one.times - 1 } : one)),
      );
      return fault.kind as FaultAt<At>;
    },
    setFor: (orderKey, faults) => void due.set(orderKey, faults),
    setNext: (faults) => void (next = faults),
    setPlan: (changed) => void (plan = changed),
    plan: () => plan,
  };
}
