import type { Decider } from '../../../kernel/decider.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse } from '../../../kernel/result.ts';
import type { Personal } from '../../../kernel/vault.ts';
import type { MovementKind } from './statement.ts';

/**
 * How a line of a statement and the books differ. `missing_here`: we know nothing of it; `missing_there`: we booked it and the
 * statement of its days does not tell it; `duplicate`: an earlier line has told it already.
 */
export type Verdict = 'amount_differs' | 'missing_here' | 'missing_there' | 'duplicate' | 'fee_differs';

/**
 * What a difference comes to. `provider_corrects`: the provider is wrong and will make it right; `timing`: the other side tells it
 * later; `booked_by_hand`: it is in the books under another name; `written_off`: nobody will make it right.
 */
export type Resolution =
  'provider_corrects' | 'booked_by_hand' | 'timing' | 'fee_accepted' | 'written_off' | 'no_fault';

/** Somebody said what a difference comes to. */
export type DifferenceResolved = {
  readonly type: 'DifferenceResolved';
  readonly data: {
    readonly differenceId: string;
    readonly statementId: string;
    readonly parkId: string | null;
    readonly verdict: Verdict;
    readonly resolution: Resolution;
    /** In the words of who resolved it; personal. */
    readonly note: Personal<string>;
    readonly resolvedAtMs: number;
  };
};

/** Every difference is resolved once; who says the same again says nothing. */
export const difference: Decider<
  DifferenceResolved['data'],
  Resolution | null,
  DifferenceResolved,
  { readonly code: 'difference_resolved' }
> = {
  aggregateType: 'Difference',
  initial: null,
  decide(data, resolution) {
    if (resolution === null) return ok([{ type: 'DifferenceResolved', data }]);
    return resolution === data.resolution ? ok([]) : refuse({ code: 'difference_resolved' });
  },
  evolve: (_resolution, { data }) => data.resolution,
};

/** A difference as far as money is concerned. */
export type DifferingMoney = {
  readonly verdict: Verdict;
  readonly toldTyiyn: Tyiyn | null;
  readonly bookedTyiyn: Tyiyn | null;
  readonly toldFeeTyiyn: Tyiyn | null;
  readonly agreedFeeTyiyn: Tyiyn | null;
  readonly resolution: Resolution | null;
};

type Part = { readonly kind: MovementKind; readonly amountTyiyn: Tyiyn };

/** What the provider keeps of a line: what it says, but of a fee that is in dispute no more than was agreed. */
function feeOf({ verdict, toldFeeTyiyn, agreedFeeTyiyn, resolution }: DifferingMoney): Tyiyn {
  if (verdict === 'duplicate' || verdict === 'missing_there') return 0n;
  if (verdict === 'missing_here' && (resolution === 'provider_corrects' || resolution === 'booked_by_hand')) return 0n;
  const isSettled = resolution === 'fee_accepted' || resolution === 'no_fault' || resolution === 'written_off';
  return (verdict === 'fee_differs' && !isSettled ? agreedFeeTyiyn : toldFeeTyiyn) ?? 0n;
}

/**
 * The money of a line that differs, as it is to be booked. What a provider has beyond what we know of is ours to explain, until
 * somebody says that it is wrong or known; what it lacks stays a claim in its clearing account, until somebody gives it up.
 */
export function moneyOf(found: DifferingMoney): readonly Part[] {
  const { verdict, toldTyiyn, bookedTyiyn, resolution } = found;
  const parts: Part[] = [{ kind: 'fee', amountTyiyn: feeOf(found) }];
  const beyondTyiyn = (toldTyiyn ?? 0n) - (bookedTyiyn ?? 0n);
  if (verdict === 'missing_here' || verdict === 'missing_there' || verdict === 'amount_differs') {
    if (resolution === 'written_off') parts.push({ kind: 'written_off', amountTyiyn: beyondTyiyn });
    else if (
      beyondTyiyn > 0n &&
      verdict !== 'missing_there' &&
      (resolution === null || resolution === 'no_fault' || resolution === 'fee_accepted')
    )
      parts.push({ kind: 'unexplained', amountTyiyn: beyondTyiyn });
  }
  return parts.filter(({ amountTyiyn }) => amountTyiyn !== 0n);
}
