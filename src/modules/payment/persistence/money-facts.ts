import { assert } from '../../../kernel/assert.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { MoneyFacts } from '../application/ports.ts';

const FACTS = statement(
  'payment.money-facts',
  `select p.received, r.paid_back as "paidBack", r.owed, s.in_tills as "inTills"
   from (
     select (coalesce(sum(amount) filter (where status = 'succeeded'), 0) * 100 + coalesce(sum(misfit), 0) * 100)::bigint::text as received
     from payment.payments
   ) p cross join (
     select (coalesce(sum(amount) filter (where status = 'succeeded'), 0) * 100)::bigint::text as paid_back,
       (coalesce(sum(amount) filter (where status <> 'succeeded'), 0) * 100)::bigint::text as owed
     from payment.refunds
   ) r cross join (
     select (coalesce(sum(float + taken - paid_out), 0) * 100)::bigint::text as in_tills from payment.shifts where closed_at is null
   ) s`,
);

type Line = Readonly<Record<'received' | 'paidBack' | 'owed' | 'inTills', string>>;

/** Everything there ever was is added up: for a check at night, not for a page. */
export const createMoneyFacts = (database: Database) => (): Promise<MoneyFacts> =>
  database.exclusive(async (connection) => {
    const [line] = await connection.rows<Line>(FACTS);
    assert(line, 'an aggregate answers one row');
    return {
      receivedTyiyn: BigInt(line.received),
      paidBackTyiyn: BigInt(line.paidBack),
      owedTyiyn: BigInt(line.owed),
      inTillsTyiyn: BigInt(line.inTills),
    };
  });
