import { assert } from '../../../kernel/assert.ts';
import type { Vault } from '../../../kernel/vault.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement, type Session } from '../../../infrastructure/postgres/session.ts';
import type { DifferenceView, Statements, StatementSummary } from '../application/reconciliation.ts';
import type { Resolution, StatementMethod, Verdict } from '../domain/reconciliation.ts';
import type { ReadLine } from '../domain/statement-line.ts';

export const resolutionsProjection: Projection = {
  name: 'ledger.resolutions',
  schema: 'ledger',
  tables: ['resolutions'],
  eventTypes: ['DifferenceResolved'],
  functionName: 'ledger.project_resolutions',
};

const KEEP = statement(
  'ledger.keep-statement',
  `insert into ledger.statements (id, method, park_id, from_day, to_day, fee_basis_points, file_sha256, imported_at)
   values ($1, $2, $3, $4, $5, $6, sha256($7::bytea), store.from_ms($8))
   on conflict (method, park_id, file_sha256) do update
     set from_day = excluded.from_day, to_day = excluded.to_day, fee_basis_points = excluded.fee_basis_points
   returning id`,
);
const FORGET_LINES = statement('ledger.forget-lines', 'delete from ledger.statement_lines where statement_id = $1');
const FORGET_FAULTS = statement('ledger.forget-faults', 'delete from ledger.statement_faults where statement_id = $1');

const KEEP_LINES = statement(
  'ledger.keep-lines',
  `insert into ledger.statement_lines (statement_id, number, reference, amount_tyiyn, fee_tyiyn, day)
   select $1, l.number, l.reference, l.amount, l.fee, l.day
   from jsonb_to_recordset($2::jsonb) as l(number integer, reference text, amount bigint, fee bigint, day date)`,
);
const KEEP_FAULTS = statement(
  'ledger.keep-faults',
  `insert into ledger.statement_faults (statement_id, number, fault)
   select $1, l.number, l.fault from jsonb_to_recordset($2::jsonb) as l(number integer, fault text)`,
);

/** What nobody has resolved is found anew. */
const FORGET = statement(
  'ledger.forget-differences',
  `delete from ledger.differences d where d.statement_id = $1
     and not exists (select from ledger.resolutions r where r.difference_id = d.id)`,
);

/** Lines that tell of a movement of ours, whatever statement they are in. */
const TOLD = (movement: string) =>
  `select from ledger.statement_lines o join ledger.statements os on os.id = o.statement_id
   where os.method = s.method and o.reference = ${movement}.reference and sign(o.amount_tyiyn) = sign(${movement}.amount_tyiyn)`;

const COMPARE = statement(
  'ledger.compare-statement',
  `with s as (select *, 'clearing:' || method as account from ledger.statements where id = $1),
   judged as (
     select l.*, b.booked, b.payment_id, s.account, s.park_id, s.method, case
       when exists (${TOLD('l')} and (os.imported_at, o.statement_id, o.number) < (s.imported_at, s.id, l.number)) then 'duplicate'
       when b.booked is null then 'missing_here'
       when b.booked <> l.amount_tyiyn then 'amount_differs'
       when l.amount_tyiyn > 0 and s.fee_basis_points is not null
         and coalesce(l.fee_tyiyn, 0) <> round(l.amount_tyiyn * s.fee_basis_points / 10000.0) then 'fee_differs'
       end as verdict
     from ledger.statement_lines l cross join s left join lateral (
       select sum(e.amount_tyiyn) as booked, min(e.payment_id::text)::uuid as payment_id from ledger.entries e
       where e.account = s.account and e.reference = l.reference and sign(e.amount_tyiyn) = sign(l.amount_tyiyn)
         and (s.park_id is null or e.park_id = s.park_id)
     ) b on true
     where l.statement_id = s.id
   ), guessed as (
     select j.*, g.payment_id as guess from judged j cross join s left join lateral (
       select e.payment_id from ledger.entries e
       where e.account = s.account and e.reference is not null and e.day between j.day - 1 and j.day + 1
         and e.amount_tyiyn = j.amount_tyiyn and (s.park_id is null or e.park_id = s.park_id) and not exists (${TOLD('e')})
       order by abs(e.day - j.day), e.position limit 1
     ) g on j.verdict = 'missing_here'
   )
   insert into ledger.differences (id, statement_id, number, verdict, reference, told_tyiyn, booked_tyiyn, payment_id, suggested_payment_id)
   select ledger.difference_id($1, '/line/' || number), $1, number, verdict, reference, amount_tyiyn, booked, payment_id, guess
   from guessed where verdict is not null
   union all
   select ledger.difference_id($1, '/event/' || e.position), $1, null, 'missing_there', e.reference, null, e.amount_tyiyn, e.payment_id, null
   from s join ledger.entries e on e.account = s.account and e.reference is not null and e.day between s.from_day and s.to_day
     and (s.park_id is null or e.park_id = s.park_id)
   where not exists (${TOLD('e')})
   on conflict (id) do nothing`,
);

const SUMMARY = statement(
  'ledger.statement-summary',
  `select s.id as "statementId", s.method, s.park_id as "parkId", s.from_day as "from", s.to_day as "to",
     s.imported_at as "importedAtMs",
     (select count(*) from ledger.statement_lines l where l.statement_id = s.id) as lines,
     (select count(*) from ledger.statement_faults f where f.statement_id = s.id) as faults,
     (select coalesce(json_object_agg(verdict, found), '{}') from (
        select verdict, count(*) as found from ledger.differences d where d.statement_id = s.id group by verdict
      ) v) as verdicts,
     (select coalesce(json_agg(json_build_object('number', f.number, 'fault', f.fault) order by f.number), '[]') from (
        select number, fault from ledger.statement_faults where statement_id = s.id order by number limit 100
      ) f) as "firstFaults"
   from ledger.statements s where s.id = $1`,
);

const SELECT = `select d.entry, d.id, d.statement_id, s.method, s.park_id, d.number, d.verdict, d.reference, d.told_tyiyn::text as told,
    d.booked_tyiyn::text as booked, d.payment_id, d.suggested_payment_id, r.resolution, r.note, r.resolved_by, r.resolved_at
  from ledger.differences d join ledger.statements s on s.id = d.statement_id left join ledger.resolutions r on r.difference_id = d.id`;
const FIND = statement('ledger.difference', `${SELECT} where d.id = $1`);
const LIST = statement(
  'ledger.differences',
  `${SELECT} where ($1::bigint is null or d.entry < $1) and (r.difference_id is null) = $2 and ($3::text is null or s.park_id = $3)
   order by d.entry desc limit $4`,
);

type SummaryRow = Omit<StatementSummary, 'differences' | 'matched'> & {
  readonly verdicts: Partial<Record<Verdict, number>>;
};

type Row = {
  readonly entry: number;
  readonly id: string;
  readonly statement_id: string;
  readonly method: StatementMethod;
  readonly park_id: string | null;
  readonly number: number | null;
  readonly verdict: Verdict;
  readonly reference: string;
  readonly told: string | null;
  readonly booked: string | null;
  readonly payment_id: string | null;
  readonly suggested_payment_id: string | null;
  readonly resolution: Resolution | null;
  readonly note: string | null;
  readonly resolved_by: string | null;
  readonly resolved_at: number | null;
};

/** Lines that go to the database together. */
const CHUNK = 500;

/** Writes lines a chunk at a time: a file has many, and none is needed again. */
async function keepLines(session: Session, statementId: string, lines: Iterable<ReadLine>): Promise<void> {
  let chunk: ReadLine[] = [];
  async function write(): Promise<void> {
    const good = chunk.flatMap((one) => {
      if (one.kind === 'fault') return [];
      const { reference, amountTyiyn, feeTyiyn, day } = one.line;
      return [{ number: one.number, reference, amount: String(amountTyiyn), fee: feeTyiyn?.toString() ?? null, day }];
    });
    const bad = chunk.flatMap((one) => (one.kind === 'fault' ? [{ number: one.number, fault: one.fault }] : []));
    if (good.length > 0) await session.rows(KEEP_LINES, [statementId, JSON.stringify(good)]);
    if (bad.length > 0) await session.rows(KEEP_FAULTS, [statementId, JSON.stringify(bad)]);
    chunk = [];
  }
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length === CHUNK) await write();
  }
  await write();
}

export function createStatements(database: Database, vault: Pick<Vault, 'open'>): Statements {
  async function toView(row: Row): Promise<DifferenceView> {
    const { resolution, note, resolved_by: by, resolved_at: atMs } = row;
    const text = note === null ? null : await vault.open(note);
    return {
      entry: row.entry,
      differenceId: row.id,
      statementId: row.statement_id,
      method: row.method,
      parkId: row.park_id,
      line: row.number,
      verdict: row.verdict,
      reference: row.reference,
      toldTyiyn: row.told === null ? null : BigInt(row.told),
      bookedTyiyn: row.booked === null ? null : BigInt(row.booked),
      paymentId: row.payment_id,
      suggestedPaymentId: row.suggested_payment_id,
      resolved:
        resolution === null || by === null || atMs === null
          ? null
          : { resolution, by, atMs, note: text === null ? null : (JSON.parse(text) as string) },
    };
  }
  return {
    keep: ({ statementId, method, parkId, from, to, feeBasisPoints, importedAtMs }, file, lines) =>
      database.transaction(async (session) => {
        const head = [statementId, method, parkId, from, to, feeBasisPoints, file, importedAtMs];
        // Whoever imports the same file at the same time waits here.
        const [kept] = await session.rows<{ id: string }>(KEEP, head);
        assert(kept, 'a statement is made or found');
        for (const forget of [FORGET_LINES, FORGET_FAULTS]) await session.rows(forget, [kept.id]);
        await keepLines(session, kept.id, lines);
        await session.rows(FORGET, [kept.id]);
        await session.rows(COMPARE, [kept.id]);
        return kept.id;
      }),
    async summary(statementId) {
      const [row] = await database.rows<SummaryRow>(SUMMARY, [statementId]);
      assert(row, 'a kept statement is there');
      const { verdicts, ...summary } = row;
      const none = { amount_differs: 0, missing_here: 0, missing_there: 0, duplicate: 0, fee_differs: 0 };
      const differences = { ...none, ...verdicts };
      const { missing_there: _ofOurs, ...ofLines } = differences;
      const differing = Object.values(ofLines).reduce((sum, found) => sum + found, 0);
      return { ...summary, differences, matched: summary.lines - differing };
    },
    async find(differenceId) {
      const [row] = await database.rows<Row>(FIND, [differenceId]);
      return row === undefined ? null : toView(row);
    },
    async list({ open, parkId, before, limit }) {
      return Promise.all((await database.rows<Row>(LIST, [before, open, parkId, limit])).map(toView));
    },
  };
}
