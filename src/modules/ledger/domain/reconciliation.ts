import type { Decider } from '../../../kernel/decider.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { Personal } from '../../../kernel/vault.ts';

/** Ways of paying whose providers or banks send statements. */
export type StatementMethod = 'elqr' | 'elcard' | 'elcard_terminal';

/**
 * How a line of a statement and the books differ. `missing_here`: we know nothing of it; `missing_there`: we booked it and the
 * statement of its days does not tell it; `duplicate`: an earlier line has told it already.
 */
export type Verdict = 'amount_differs' | 'missing_here' | 'missing_there' | 'duplicate' | 'fee_differs';

/** Somebody imported a statement. */
export type StatementImported = {
  readonly type: 'StatementImported';
  readonly data: {
    readonly statementId: string;
    readonly method: StatementMethod;
    /** Null for an account of all parks. */
    readonly parkId: string | null;
    readonly from: LocalDate;
    readonly to: LocalDate;
    readonly importedAtMs: number;
  };
};

/** The imports of one statement, for the audit trail. Each is a fact of its own, also of the same file. */
export const statementImport: Decider<StatementImported['data'], null, StatementImported, never> = {
  aggregateType: 'Statement',
  initial: null,
  decide: (data): Result<readonly StatementImported[], never> => ok([{ type: 'StatementImported', data }]),
  evolve: () => null,
};

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
