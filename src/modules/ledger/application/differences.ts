import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, LocalDate } from '../../../kernel/time.ts';
import { difference, type Resolution, type Verdict } from '../domain/difference.ts';
import type { StatementMethod } from '../domain/statement.ts';

export type DifferenceView = {
  /** Rises with the time at which it was found. */
  readonly entry: number;
  readonly differenceId: string;
  readonly statementId: string;
  readonly method: StatementMethod;
  readonly parkId: string | null;
  /** Of the file; null for what the statement lacks. */
  readonly line: number | null;
  readonly verdict: Verdict;
  readonly reference: string;
  /** On which the statement says it moved, or the books where it does not; null in comparisons of an earlier version. */
  readonly day: LocalDate | null;
  readonly toldTyiyn: Tyiyn | null;
  readonly bookedTyiyn: Tyiyn | null;
  /** What the provider kept, and what it may keep by contract. */
  readonly toldFeeTyiyn: Tyiyn | null;
  readonly agreedFeeTyiyn: Tyiyn | null;
  readonly paymentId: string | null;
  /** A payment of the same amount at most a day away that no line tells of, the nearest in time, or in doubt: for a person. */
  readonly suggestedPaymentId: string | null;
  readonly resolved: {
    readonly resolution: Resolution;
    readonly note: string | null;
    readonly by: string;
    readonly atMs: number;
  } | null;
};

export type DifferenceFilter = {
  readonly open: boolean;
  /** Null: of all parks, of all statements, of any verdict. */
  readonly parkId: string | null;
  readonly statementId: string | null;
  readonly verdict: Verdict | null;
  /** Only those found before this one; null for the newest. */
  readonly before: number | null;
  readonly limit: number;
};

/** Port: how statements differ from the books. */
export type Differences = {
  find(differenceId: string): Promise<DifferenceView | null>;
  /** Newest first. */
  list(filter: DifferenceFilter): Promise<readonly DifferenceView[]>;
};

export type ResolveDifference = (
  resolving: { readonly found: DifferenceView; readonly resolution: Resolution; readonly note: string | null },
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'difference_resolved' }>>;

type Dependencies = { readonly runner: CommandRunner; readonly clock: Clock };

export function createResolveDifference({ runner, clock }: Dependencies): ResolveDifference {
  return async ({ found, resolution, note }, meta) => {
    const { differenceId, statementId, parkId, verdict } = found;
    const told = { differenceId, statementId, parkId, verdict, resolution, note, resolvedAtMs: clock.now() };
    const done = await runner.run(difference, differenceId, told, meta);
    if (done.ok) return ok(null);
    assert(done.refusal.code === 'difference_resolved', `a resolution was refused as ${done.refusal.code}`);
    return refuse({ code: 'difference_resolved' });
  };
}
