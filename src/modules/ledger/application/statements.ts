import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock, LocalDate } from '../../../kernel/time.ts';
import { moneyOf, type DifferingMoney, type Verdict } from '../domain/difference.ts';
import { openStatement, readStatement, type FileFault, type StatementFile } from '../domain/statement-file.ts';
import type { ReadLine, StatementReading } from '../domain/statement-line.ts';
import { addUp, statement, type MovementKind, type StatementMovement, type StatementOf } from '../domain/statement.ts';

export type StatementHead = StatementOf & {
  /** The days that the statement tells of, both included. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** What the provider takes of a payment by contract, in hundredths of a percent; null: fees are not looked at. */
  readonly feeBasisPoints: number | null;
  readonly importedAtMs: number;
};

/** What the last comparison found. Counts are of lines, and of movements that are `missing_there`. */
export type ComparedStatement = Omit<StatementHead, 'feeBasisPoints'> & {
  readonly lines: number;
  readonly matched: number;
  readonly differences: Readonly<Record<Verdict, number>>;
  /** Of those, what nobody has resolved. */
  readonly open: number;
  readonly faults: number;
  /** The first of them. */
  readonly firstFaults: readonly { readonly number: number; readonly fault: string }[];
};

export type MoneyOfStatement = Readonly<Record<MovementKind, Tyiyn>>;

/** A statement, the money that it tells as it was compared last, and how much of that is in the books. */
export type StatementView = ComparedStatement & { readonly told: MoneyOfStatement; readonly booked: MoneyOfStatement };

export type StatementFilter = {
  /** Null: of all parks. */
  readonly parkId: string | null;
  /** Only those imported before this one; null for the newest. */
  readonly before: string | null;
  readonly limit: number;
};

type DifferingLine = DifferingMoney & { readonly parkId: string; readonly day: LocalDate };

/** Port: statements as they were imported, and how they compare with the books. */
export type Statements = {
  /**
   * Keeps a statement with its lines and compares it with the books as they are now. The very same file is the same statement:
   * read as before it is only compared, read otherwise its lines are put in the place of those there were. What was resolved
   * stays as it is. Lines are asked for only while they are written. @returns the id of the statement
   */
  keep(
    head: StatementHead,
    file: { readonly sha256: Uint8Array; readonly reading: StatementReading },
    lines: () => AsyncIterable<readonly ReadLine[]>,
  ): Promise<string>;
  compare(statementId: string): Promise<void>;
  find(statementId: string): Promise<ComparedStatement | null>;
  /** Newest first. */
  list(filter: StatementFilter): Promise<readonly ComparedStatement[]>;
  /** Money of the lines that differ in nothing. */
  sums(statementId: string): Promise<readonly StatementMovement[]>;
  /** Everything that differs, some at a time. */
  differing(statementId: string): AsyncIterable<readonly DifferingLine[]>;
  /** Statements imported later that have lines of this one too. */
  laterWithTheSame(statementId: string): Promise<readonly StatementOf[]>;
  /** Of a statement, its lines and differences nothing is left. */
  forget(statementId: string): Promise<void>;
};

/** Why a file is no statement. */
export type ImportFault = FileFault;

export type ImportStatement = (
  head: Omit<StatementHead, 'statementId' | 'importedAtMs'>,
  file: StatementFile,
  reading: StatementReading,
  meta: CommandMeta,
) => Promise<Result<StatementView, ImportFault>>;

type Missing = { readonly code: 'statement_not_found' };
export type ChangeStatement = (found: ComparedStatement, meta: CommandMeta) => Promise<StatementView>;
export type StatementTools = {
  readonly importStatement: ImportStatement;
  find(statementId: string): Promise<Result<ComparedStatement, Missing>>;
  list(filter: StatementFilter): Promise<readonly StatementView[]>;
  readonly compare: ChangeStatement;
  readonly book: ChangeStatement;
  readonly withdraw: (found: ComparedStatement, meta: CommandMeta) => Promise<void>;
};

type Dependencies = {
  readonly statements: Statements;
  readonly runner: CommandRunner;
  readonly ids: Ids;
  readonly clock: Clock;
};

function inAll(movements: Iterable<StatementMovement>): MoneyOfStatement {
  const all = { fee: 0n, payout: 0n, unexplained: 0n, written_off: 0n };
  for (const { kind, amountTyiyn } of movements) all[kind] += amountTyiyn;
  return all;
}

const ofStatement = ({ statementId, method, parkId }: StatementOf): StatementOf => ({ statementId, method, parkId });

/** What can be done with statements. Only booking and withdrawing one moves money. */
export function createStatementTools({ statements, runner, ids, clock }: Dependencies): StatementTools {
  /** All the money that a statement tells, as it was compared last. */
  async function moneyIn(statementId: string): Promise<readonly StatementMovement[]> {
    let told = addUp(await statements.sums(statementId));
    for await (const some of statements.differing(statementId)) {
      const parts = some.flatMap(({ parkId, day, ...found }) =>
        moneyOf(found).map((part) => ({ ...part, parkId, day })),
      );
      told = addUp([...told.values(), ...parts]);
    }
    return [...told.values()];
  }

  async function view(found: ComparedStatement): Promise<StatementView> {
    const { state } = await runner.stateOf(statement, found.statementId);
    return { ...found, told: inAll(await moneyIn(found.statementId)), booked: inAll(state.booked.values()) };
  }

  async function viewOf(statementId: string): Promise<StatementView> {
    const found = await statements.find(statementId);
    assert(found, 'a kept statement is there');
    return view(found);
  }

  async function bookAsCompared(of: StatementOf, meta: CommandMeta): Promise<void> {
    await statements.compare(of.statementId);
    const movements = await moneyIn(of.statementId);
    await runner.run(statement, of.statementId, { kind: 'book', of, movements, nowMs: clock.now() }, meta);
  }

  return {
    async importStatement(head, file, reading, meta) {
      const opened = await openStatement(file, reading);
      if (!opened.ok) return opened;
      const importedAtMs = clock.now();
      const made = { ...head, statementId: ids.next(), importedAtMs };
      const statementId = await statements.keep(made, { sha256: file.sha256, reading }, () =>
        readStatement(file, opened.value, reading),
      );
      const { method, parkId, from, to } = head;
      const told = { statementId, method, parkId, from, to, importedAtMs };
      await runner.run(statement, statementId, { kind: 'import', told }, meta);
      return ok(await viewOf(statementId));
    },
    async find(statementId) {
      const found = await statements.find(statementId);
      return found === null ? refuse({ code: 'statement_not_found' }) : ok(found);
    },
    list: async (filter) => Promise.all((await statements.list(filter)).map(view)),
    async compare({ statementId }) {
      await statements.compare(statementId);
      return viewOf(statementId);
    },
    async book(found, meta) {
      // What this one tells first is nothing in those after it: they may have been booked before its lines could be read.
      for (const later of await statements.laterWithTheSame(found.statementId)) {
        const { state } = await runner.stateOf(statement, later.statementId);
        if (state.booked.size > 0) await bookAsCompared(later, meta);
      }
      await bookAsCompared(ofStatement(found), meta);
      return viewOf(found.statementId);
    },
    async withdraw(found, meta) {
      const withdrawal = { kind: 'withdraw', of: ofStatement(found), nowMs: clock.now() } as const;
      await runner.run(statement, found.statementId, withdrawal, meta);
      // Only what the log says counts: were this not to happen, the statement would be withdrawn again.
      await statements.forget(found.statementId);
    },
  };
}
