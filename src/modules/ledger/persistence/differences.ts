import type { Vault } from '../../../kernel/vault.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Differences, DifferenceView } from '../application/differences.ts';
import type { Resolution, Verdict } from '../domain/difference.ts';
import type { StatementMethod } from '../domain/statement.ts';

export const resolutionsProjection: Projection = {
  name: 'ledger.resolutions',
  schema: 'ledger',
  tables: ['resolutions'],
  eventTypes: ['DifferenceResolved'],
  functionName: 'ledger.project_resolutions',
};

const SELECT = `select d.entry, d.id, d.statement_id, s.method, s.park_id, d.number, d.verdict, d.reference, d.day, d.told_tyiyn::text as told,
    d.booked_tyiyn::text as booked, d.told_fee_tyiyn::text as told_fee, d.agreed_fee_tyiyn::text as agreed_fee, d.payment_id,
    d.suggested_payment_id, r.resolution, r.note, r.resolved_by, r.resolved_at
  from ledger.differences d join ledger.statements s on s.id = d.statement_id left join ledger.resolutions r on r.difference_id = d.id`;
const FIND = statement('ledger.difference', `${SELECT} where d.id = $1`);
const OPEN = `($1::bigint is null or d.entry < $1) and (r.difference_id is null) = $2 and ($3::text is null or s.park_id = $3)
     and ($4::text is null or d.verdict = $4)`;
const LIST = statement('ledger.differences', `${SELECT} where ${OPEN} order by d.entry desc limit $5`);
const LIST_OF_STATEMENT = statement(
  'ledger.differences-of-statement',
  `${SELECT} where d.statement_id = $6 and ${OPEN} order by d.entry desc limit $5`,
);

type Row = {
  readonly entry: number;
  readonly id: string;
  readonly statement_id: string;
  readonly method: StatementMethod;
  readonly park_id: string | null;
  readonly number: number | null;
  readonly verdict: Verdict;
  readonly reference: string;
  readonly day: string | null;
  readonly told: string | null;
  readonly booked: string | null;
  readonly told_fee: string | null;
  readonly agreed_fee: string | null;
  readonly payment_id: string | null;
  readonly suggested_payment_id: string | null;
  readonly resolution: Resolution | null;
  readonly note: string | null;
  readonly resolved_by: string | null;
  readonly resolved_at: number | null;
};

const tyiynOf = (text: string | null): bigint | null => (text === null ? null : BigInt(text));

export function createDifferences(database: Database, vault: Pick<Vault, 'open'>): Differences {
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
      day: row.day,
      toldTyiyn: tyiynOf(row.told),
      bookedTyiyn: tyiynOf(row.booked),
      toldFeeTyiyn: tyiynOf(row.told_fee),
      agreedFeeTyiyn: tyiynOf(row.agreed_fee),
      paymentId: row.payment_id,
      suggestedPaymentId: row.suggested_payment_id,
      resolved:
        resolution === null || by === null || atMs === null
          ? null
          : { resolution, by, atMs, note: text === null ? null : (JSON.parse(text) as string) },
    };
  }
  return {
    async find(differenceId) {
      const [row] = await database.rows<Row>(FIND, [differenceId]);
      return row === undefined ? null : toView(row);
    },
    async list({ open, parkId, statementId, verdict, before, limit }) {
      const values = [before, open, parkId, verdict, limit];
      const rows =
        statementId === null
          ? await database.rows<Row>(LIST, values)
          : await database.rows<Row>(LIST_OF_STATEMENT, [...values, statementId]);
      return Promise.all(rows.map(toView));
    },
  };
}
