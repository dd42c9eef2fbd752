import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, LocalDate } from '../../../kernel/time.ts';
import {
  difference,
  statementImport,
  type Resolution,
  type StatementMethod,
  type Verdict,
} from '../domain/reconciliation.ts';
import { readStatement, type ReadLine, type StatementColumns } from '../domain/statement-line.ts';

export type StatementHead = {
  readonly statementId: string;
  readonly method: StatementMethod;
  /** Null for an account of all parks. */
  readonly parkId: string | null;
  /** The days that the statement tells of, both included. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** What the provider takes of a payment by contract, in hundredths of a percent; null: fees are not looked at. */
  readonly feeBasisPoints: number | null;
  readonly importedAtMs: number;
};

/** What a comparison found. Counts are of lines, and of movements that are `missing_there`. */
export type StatementSummary = Omit<StatementHead, 'feeBasisPoints'> & {
  readonly lines: number;
  readonly matched: number;
  readonly differences: Readonly<Record<Verdict, number>>;
  readonly faults: number;
  /** The first of them. */
  readonly firstFaults: readonly { readonly number: number; readonly fault: string }[];
};

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
  readonly toldTyiyn: Tyiyn | null;
  readonly bookedTyiyn: Tyiyn | null;
  readonly paymentId: string | null;
  /** A payment of the same amount at most a day away that no line tells of: a guess, for a person. */
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
  /** Null: of all parks. */
  readonly parkId: string | null;
  /** Only those found before this one; null for the newest. */
  readonly before: number | null;
  readonly limit: number;
};

/** Port: statements and how they differ from the books. */
export type Statements = {
  /**
   * Keeps a statement with its lines, in the place of what the very same file was read as before, and compares it with the books
   * as they are now. What was resolved stays as it is. @returns the id of the statement
   */
  keep(head: StatementHead, file: Uint8Array, lines: Iterable<ReadLine>): Promise<string>;
  summary(statementId: string): Promise<StatementSummary>;
  find(differenceId: string): Promise<DifferenceView | null>;
  /** Newest first. */
  list(filter: DifferenceFilter): Promise<readonly DifferenceView[]>;
};

export type ImportStatement = (
  statement: Omit<StatementHead, 'statementId' | 'importedAtMs'> & {
    readonly file: Uint8Array;
    readonly columns: StatementColumns;
  },
  meta: CommandMeta,
) => Promise<Result<StatementSummary, { readonly missing: readonly string[] }>>;

export type ResolveDifference = (
  resolving: { readonly found: DifferenceView; readonly resolution: Resolution; readonly note: string | null },
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'difference_resolved' }>>;

type Dependencies = {
  readonly statements: Statements;
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
};

/** The same file again is the same statement, read and compared anew. */
export function createImportStatement({ statements, runner, ids, clock }: Dependencies): ImportStatement {
  return async ({ file, columns, ...head }, meta) => {
    const lines = readStatement(new TextDecoder().decode(file), columns);
    if (!lines.ok) return lines;
    const importedAtMs = clock.now();
    const statementId = await statements.keep({ ...head, statementId: ids.next(), importedAtMs }, file, lines.value);
    const summary = await statements.summary(statementId);
    const { method, parkId, from, to } = summary;
    const told = { statementId, method, parkId, from, to, importedAtMs };
    const done = await runner.run(statementImport, statementId, told, meta);
    assert(done.ok, 'an import can always be written down');
    return ok(summary);
  };
}

export function createResolveDifference({ runner, clock }: Pick<Dependencies, 'runner' | 'clock'>): ResolveDifference {
  return async ({ found, resolution, note }, meta) => {
    const { differenceId, statementId, parkId, verdict } = found;
    const told = { differenceId, statementId, parkId, verdict, resolution, note, resolvedAtMs: clock.now() };
    const done = await runner.run(difference, differenceId, told, meta);
    if (done.ok) return ok(null);
    assert(done.refusal.code === 'difference_resolved', `a resolution was refused as ${done.refusal.code}`);
    return refuse({ code: 'difference_resolved' });
  };
}
