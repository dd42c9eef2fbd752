import { assert } from '../../../kernel/assert.ts';
import type { Connection, Database } from '../../../infrastructure/postgres/database.ts';
import { statement, type Session } from '../../../infrastructure/postgres/session.ts';
import type { ComparedStatement, Statements } from '../application/statements.ts';
import type { Resolution, Verdict } from '../domain/difference.ts';
import type { ReadLine } from '../domain/statement-line.ts';
import type { StatementMovement, StatementOf } from '../domain/statement.ts';
import { compare } from './comparison.ts';

const KEEP = statement(
  'ledger.keep-statement',
  `insert into ledger.statements (id, method, park_id, from_day, to_day, fee_basis_points, file_sha256, imported_at)
   values ($1, $2, $3, $4, $5, $6, $7, store.from_ms($8))
   on conflict (method, park_id, file_sha256) do update
     set from_day = excluded.from_day, to_day = excluded.to_day, fee_basis_points = excluded.fee_basis_points
   returning id, reading is not distinct from $9::jsonb as "isRead"`,
);
const FORGET_LINES = statement('ledger.forget-lines', 'delete from ledger.statement_lines where statement_id = $1');
const FORGET_FAULTS = statement('ledger.forget-faults', 'delete from ledger.statement_faults where statement_id = $1');
const FORGET_DIFFERENCES = statement(
  'ledger.forget-all-differences',
  'delete from ledger.differences where statement_id = $1',
);
const FORGET_SUMS = statement('ledger.forget-all-sums', 'delete from ledger.statement_sums where statement_id = $1');
const FORGET_STATEMENT = statement('ledger.forget-statement', 'delete from ledger.statements where id = $1');

const KEEP_LINES = statement(
  'ledger.keep-lines',
  `insert into ledger.statement_lines (statement_id, number, kind, reference, amount_tyiyn, fee_tyiyn, day, told_at)
   select $1, * from unnest($2::integer[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::date[], $8::timestamptz[])`,
);
const KEEP_FAULTS = statement(
  'ledger.keep-faults',
  'insert into ledger.statement_faults (statement_id, number, fault) select $1, * from unnest($2::integer[], $3::text[])',
);
const KEPT = statement(
  'ledger.note-lines',
  'update ledger.statements set lines = $2, faults = $3, reading = $4::jsonb where id = $1',
);

const SELECT = `select s.id as "statementId", s.method, s.park_id as "parkId", s.from_day as "from", s.to_day as "to",
     s.imported_at as "importedAtMs", s.lines, s.faults, s.found as verdicts,
     (select count(*) from ledger.differences d where d.statement_id = s.id and d.holds
        and not exists (select from ledger.resolutions r where r.difference_id = d.id)) as open,
     (select coalesce(json_agg(json_build_object('number', f.number, 'fault', f.fault) order by f.number), '[]') from (
        select number, fault from ledger.statement_faults where statement_id = s.id order by number limit 100
      ) f) as "firstFaults"
   from ledger.statements s`;
const FIND = statement('ledger.statement', `${SELECT} where s.id = $1`);
const LIST = statement(
  'ledger.statements',
  `${SELECT} where ($1::uuid is null or s.id < $1) and ($2::text is null or s.park_id = $2) order by s.id desc limit $3`,
);

const SUMS = statement(
  'ledger.statement-sums',
  `select kind, park_id as "parkId", day, amount_tyiyn::text as amount from ledger.statement_sums where statement_id = $1`,
);
const DIFFERING = statement(
  'ledger.differing-lines',
  `select d.entry, d.verdict, d.of_park as "parkId", d.day, d.told_tyiyn::text as told, d.booked_tyiyn::text as booked,
     d.told_fee_tyiyn::text as "toldFee", d.agreed_fee_tyiyn::text as "agreedFee", r.resolution
   from ledger.differences d left join ledger.resolutions r on r.difference_id = d.id
   where d.statement_id = $1 and d.holds and d.day is not null and d.entry > $2 order by d.entry limit 5000`,
);

/** Lines are told by the earliest statement that has them, so those of later ones may have been booked before it had them. */
const LATER_WITH_THE_SAME = statement(
  'ledger.later-statements-with-the-same-lines',
  `with later as materialized (
     select o.* from ledger.statements s join ledger.statements o on o.method = s.method and (o.imported_at, o.id) > (s.imported_at, s.id)
     where s.id = $1
   )
   select id as "statementId", method, park_id as "parkId" from later where id in (
     select m.statement_id from ledger.statement_lines l join ledger.statement_lines m
       on m.reference = l.reference and m.kind = l.kind and sign(m.amount_tyiyn) = sign(l.amount_tyiyn)
     where l.statement_id = $1 and m.statement_id <> $1 and exists (select from later)
   ) order by imported_at, id`,
);

type SummaryRow = Omit<ComparedStatement, 'differences' | 'matched'> & {
  readonly verdicts: Partial<Record<Verdict, number>>;
};
type SumRow = Omit<StatementMovement, 'amountTyiyn'> & { readonly amount: string };
type DifferingRow = {
  readonly entry: number;
  readonly verdict: Verdict;
  readonly parkId: string;
  readonly day: string;
  readonly told: string | null;
  readonly booked: string | null;
  readonly toldFee: string | null;
  readonly agreedFee: string | null;
  readonly resolution: Resolution | null;
};

function toStatement({ verdicts, ...summary }: SummaryRow): ComparedStatement {
  const none = { amount_differs: 0, missing_here: 0, missing_there: 0, duplicate: 0, fee_differs: 0 };
  const differences = { ...none, ...verdicts };
  const { missing_there: _ofOurs, ...ofLines } = differences;
  const differing = Object.values(ofLines).reduce((sum, found) => sum + found, 0);
  return { ...summary, differences, matched: summary.lines - differing };
}

/** Lines that go to the database together. */
const CHUNK = 5000;

const textOf = (tyiyn: bigint | null): string | null => (tyiyn === null ? null : String(tyiyn));
const tyiynOf = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

async function writeLines(session: Session, statementId: string, read: readonly ReadLine[]): Promise<void> {
  const lines = read.flatMap((one) => (one.kind === 'line' ? [{ ...one.line, number: one.number }] : []));
  const faults = read.flatMap((one) => (one.kind === 'fault' ? [one] : []));
  if (lines.length > 0) {
    await session.rows(KEEP_LINES, [
      statementId,
      lines.map(({ number }) => number),
      lines.map(({ kind }) => kind),
      lines.map(({ reference }) => reference),
      lines.map(({ amountTyiyn }) => textOf(amountTyiyn)),
      lines.map(({ feeTyiyn }) => textOf(feeTyiyn)),
      lines.map(({ day }) => day),
      lines.map(({ toldAt }) => toldAt),
    ]);
  }
  if (faults.length === 0) return;
  const numbers = faults.map(({ number }) => number);
  await session.rows(KEEP_FAULTS, [statementId, numbers, faults.map(({ fault }) => fault)]);
}

/** Writes lines a chunk at a time: a file may have a million, and none is needed again. */
async function keepLines(
  session: Session,
  statementId: string,
  lines: AsyncIterable<readonly ReadLine[]>,
): Promise<{ readonly lines: number; readonly faults: number }> {
  let chunk: ReadLine[] = [];
  const kept = { lines: 0, faults: 0 };
  const write = async (): Promise<void> => {
    const faults = chunk.reduce((sum, { kind }) => sum + (kind === 'fault' ? 1 : 0), 0);
    kept.faults += faults;
    kept.lines += chunk.length - faults;
    await writeLines(session, statementId, chunk);
    chunk = [];
  };
  for await (const some of lines) {
    for (const line of some) chunk.push(line);
    if (chunk.length >= CHUNK) await write();
  }
  await write();
  return kept;
}

/** A million lines are planned for what they are. */
async function atLeisure<Answer>(connection: Connection, work: (session: Session) => Promise<Answer>): Promise<Answer> {
  await connection.run('set plan_cache_mode = force_custom_plan');
  return connection.transaction(work);
}

export const createStatements = (database: Database): Statements => ({
  keep: ({ statementId, method, parkId, from, to, feeBasisPoints, importedAtMs }, { sha256, reading }, lines) =>
    database.exclusive((connection) =>
      atLeisure(connection, async (session) => {
        const asRead = JSON.stringify(reading);
        const head = [statementId, method, parkId, from, to, feeBasisPoints, sha256, importedAtMs, asRead];
        // Whoever imports the same file at the same time waits here.
        const [kept] = await session.rows<{ id: string; isRead: boolean }>(KEEP, head);
        assert(kept, 'a statement is made or found');
        if (!kept.isRead) {
          for (const forget of [FORGET_LINES, FORGET_FAULTS]) await session.rows(forget, [kept.id]);
          const written = await keepLines(session, kept.id, lines());
          await session.rows(KEPT, [kept.id, written.lines, written.faults, asRead]);
        }
        await compare(session, kept.id);
        return kept.id;
      }),
    ),
  compare: (statementId) =>
    database.exclusive((connection) => atLeisure(connection, (session) => compare(session, statementId))),
  async find(statementId) {
    const [row] = await database.rows<SummaryRow>(FIND, [statementId]);
    return row === undefined ? null : toStatement(row);
  },
  list: async ({ before, parkId, limit }) =>
    (await database.rows<SummaryRow>(LIST, [before, parkId, limit])).map(toStatement),
  async sums(statementId) {
    const rows = await database.rows<SumRow>(SUMS, [statementId]);
    return rows.map(({ amount, ...sum }) => ({ ...sum, amountTyiyn: BigInt(amount) }));
  },
  async *differing(statementId) {
    for (let last = 0; ;) {
      const rows = await database.rows<DifferingRow>(DIFFERING, [statementId, last]);
      if (rows.length === 0) return;
      last = rows.at(-1)?.entry ?? last;
      yield rows.map(({ entry: _entry, told, booked, toldFee, agreedFee, ...found }) => ({
        ...found,
        toldTyiyn: tyiynOf(told),
        bookedTyiyn: tyiynOf(booked),
        toldFeeTyiyn: tyiynOf(toldFee),
        agreedFeeTyiyn: tyiynOf(agreedFee),
      }));
    }
  },
  laterWithTheSame: (statementId) =>
    database.exclusive((connection) =>
      atLeisure(connection, (session) => session.rows<StatementOf>(LATER_WITH_THE_SAME, [statementId])),
    ),
  forget: (statementId) =>
    database.exclusive((connection) =>
      atLeisure(connection, async (session) => {
        const parts = [FORGET_DIFFERENCES, FORGET_SUMS, FORGET_FAULTS, FORGET_LINES, FORGET_STATEMENT];
        for (const part of parts) await session.rows(part, [statementId]);
      }),
    ),
});
