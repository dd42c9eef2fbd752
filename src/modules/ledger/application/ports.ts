import type { ReportScope } from '../../../kernel/report-scope.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { Tyiyn } from '../../../kernel/money.ts';

/**
 * What an account of a park moved by what was booked on a day, and what it held when that day ended: above zero a debit balance.
 * Each day on which that money moved is a row of its own: those of days before are late.
 */
export type TrialBalanceRow = {
  readonly bookedDay: LocalDate;
  readonly day: LocalDate;
  readonly parkId: string;
  readonly account: string;
  readonly debitTyiyn: Tyiyn;
  readonly creditTyiyn: Tyiyn;
  readonly balanceTyiyn: Tyiyn;
};

/** What the entries add up to, at one moment. */
export type LedgerSums = {
  /** Transactions that do not sum to zero. */
  readonly unbalanced: number;
  /** Accounts of a park and days whose totals are not what their entries add up to. */
  readonly totalsAstray: number;
  /** Payments whose money nobody has explained since `before`, and that no parked event tells of. */
  readonly unexplained: readonly string[];
  readonly facts: MoneyFacts;
  /** Payments and refunds in cash without a till, or the other way round. */
  readonly cashAstrayTyiyn: Tyiyn;
};

/** The same money, as the payments and the tills have it. */
export type MoneyFacts = {
  /** All that came by payments, fitting or not. */
  readonly receivedTyiyn: Tyiyn;
  /** Of refunds that were asked for: what is out, and what is still owed. */
  readonly paidBackTyiyn: Tyiyn;
  readonly owedTyiyn: Tyiyn;
  /** Cash that should be in open tills. */
  readonly inTillsTyiyn: Tyiyn;
};

/** Port: the books. */
export type Ledger = {
  /** Booking day by booking day; an account that did not move on a day has no row. What was answered of a day that is over never changes. */
  trialBalance(scope: ReportScope): Promise<readonly TrialBalanceRow[]>;
  /** @param beforeMs money that came later may still be on its way to what it buys */
  sums(beforeMs: number): Promise<LedgerSums>;
  /** Rows that the log, told again from its beginning, would make otherwise; none when the books are what it says. */
  astray(): Promise<number>;
};

/** Port: payments and tills, added up from their own rows. */
export type ReadMoneyFacts = () => Promise<MoneyFacts>;

/** A check of the books. */
export type LedgerCheck = {
  readonly checkedAtMs: number;
  /** What is wrong, in words; none when all is well. */
  readonly faults: readonly string[];
};

/** Port: what the last check found, for every process to see. */
export type LastCheck = {
  keep(check: LedgerCheck): Promise<void>;
  /** Null before the first. */
  find(): Promise<LedgerCheck | null>;
};
