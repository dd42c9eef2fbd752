import { statement, type Session } from '../../../infrastructure/postgres/session.ts';

/** What nobody has resolved is found anew. */
const FORGET = statement(
  'ledger.forget-differences',
  `delete from ledger.differences d where d.statement_id = $1
     and not exists (select from ledger.resolutions r where r.difference_id = d.id)`,
);
const DOUBT = statement(
  'ledger.doubt-differences',
  'update ledger.differences set holds = false where statement_id = $1',
);
const FORGET_SUMS = statement('ledger.forget-sums', 'delete from ledger.statement_sums where statement_id = $1');

/** Lines that tell of a movement of a park, whatever statement they are in. That of another park's account tells nothing of it. */
const TOLD = (movement: string, kind: string, park: string) =>
  `select from ledger.statement_lines o join ledger.statements os on os.id = o.statement_id
   where os.method = s.method and o.reference = ${movement}.reference and o.kind = ${kind}
     and sign(o.amount_tyiyn) = sign(${movement}.amount_tyiyn)
     and (os.park_id is null or ${park} = '' or os.park_id = ${park})`;

/** Lines for which payments are suggested, and payments of one amount and day that are looked at: a guess is for a person. */
const MOST_GUESSES = 1000;
const MOST_ALIKE = 200;

const COMPARE = statement(
  'ledger.compare-statement',
  `with s as materialized (select *, 'clearing:' || method as account from ledger.statements where id = $1),
   paired as (
     select l.number, sum(e.amount_tyiyn)::bigint as booked, min(e.payment_id::text)::uuid as payment_id, min(e.park_id) as park_id
     from s
     join ledger.statement_lines l on l.statement_id = s.id and l.kind = 'movement'
     join ledger.entries e on e.account = s.account and e.reference = l.reference and sign(e.amount_tyiyn) = sign(l.amount_tyiyn)
       and (s.park_id is null or e.park_id = s.park_id)
     group by l.number
   ), repeated as (
     select distinct l.number from s
     join ledger.statement_lines l on l.statement_id = s.id
     join ledger.statement_lines o on o.reference = l.reference and o.kind = l.kind and sign(o.amount_tyiyn) = sign(l.amount_tyiyn)
     join ledger.statements os on os.id = o.statement_id and os.method = s.method
     left join paired p on p.number = l.number
     where (os.imported_at, o.statement_id, o.number) < (s.imported_at, s.id, l.number)
       and (os.park_id is null or os.park_id = coalesce(p.park_id, s.park_id, os.park_id))
   ), judged as materialized (
     select l.number, l.kind, l.reference, l.amount_tyiyn, l.fee_tyiyn, l.told_at, coalesce(l.day, s.to_day) as day, b.booked,
       b.payment_id, coalesce(b.park_id, s.park_id, '') as of_park, agreed.fee as agreed_fee, case
         when r.number is not null then 'duplicate'
         when l.kind = 'payout' then null
         when b.booked is null then 'missing_here'
         when b.booked <> l.amount_tyiyn then 'amount_differs'
         when agreed.fee <> coalesce(l.fee_tyiyn, 0) then 'fee_differs'
       end as verdict
     from s join ledger.statement_lines l on l.statement_id = s.id
     left join repeated r on r.number = l.number
     left join paired b on b.number = l.number
     cross join lateral (
       select case when l.kind = 'movement' and l.amount_tyiyn > 0
         then round(l.amount_tyiyn * s.fee_basis_points / 10000.0)::bigint end as fee
     ) agreed
   ), summed as (
     insert into ledger.statement_sums (statement_id, kind, park_id, day, amount_tyiyn)
     select $1, m.kind, j.of_park, j.day, sum(m.amount) from judged j
     cross join lateral (
       select 'fee' as kind, j.fee_tyiyn as amount union all
       select 'payout', j.amount_tyiyn where j.kind = 'payout'
     ) m
     where j.verdict is null and m.amount <> 0 group by 2, 3, 4 having sum(m.amount) <> 0
   ), wanted as materialized (
     select number, amount_tyiyn, day, told_at from judged where verdict = 'missing_here' order by number limit ${MOST_GUESSES}
   ), free as materialized (
     select f.* from (
       select e.payment_id, e.amount_tyiyn, e.day, e.position,
         row_number() over (partition by e.amount_tyiyn, e.day order by e.position) as rank
       from s join ledger.entries e on e.account = s.account and e.reference is not null
         and e.day between s.from_day - 1 and s.to_day + 1 and (s.park_id is null or e.park_id = s.park_id)
       where e.amount_tyiyn in (select amount_tyiyn from wanted) and not exists (${TOLD('e', `'movement'`, 'e.park_id')})
     ) f where f.rank <= ${MOST_ALIKE}
   ), guessed as (
     select distinct on (w.number) w.number, f.payment_id
     from wanted w join free f on f.amount_tyiyn = w.amount_tyiyn and f.day between w.day - 1 and w.day + 1
     left join store.event at on at.position = f.position
     order by w.number, abs(extract(epoch from at.occurred_at - w.told_at)) nulls last, abs(f.day - w.day), f.position
   )
   insert into ledger.differences as d (id, statement_id, number, verdict, reference, told_tyiyn, booked_tyiyn, payment_id,
     suggested_payment_id, day, of_park, told_fee_tyiyn, agreed_fee_tyiyn)
   select ledger.difference_id($1, '/line/' || j.number), $1, j.number, j.verdict, j.reference, j.amount_tyiyn, j.booked, j.payment_id,
     g.payment_id, j.day, j.of_park, j.fee_tyiyn, j.agreed_fee
   from judged j left join guessed g on g.number = j.number where j.verdict is not null
   union all
   select ledger.difference_id($1, '/event/' || e.position), $1, null, 'missing_there', e.reference, null, e.amount_tyiyn, e.payment_id,
     null, e.day, e.park_id, null, null
   from s join ledger.entries e on e.account = s.account and e.reference is not null and e.day between s.from_day and s.to_day
     and (s.park_id is null or e.park_id = s.park_id)
   where not exists (${TOLD('e', `'movement'`, 'e.park_id')})
   on conflict (id) do update set verdict = excluded.verdict, reference = excluded.reference, told_tyiyn = excluded.told_tyiyn,
     booked_tyiyn = excluded.booked_tyiyn, payment_id = excluded.payment_id, suggested_payment_id = excluded.suggested_payment_id,
     day = excluded.day, of_park = excluded.of_park, told_fee_tyiyn = excluded.told_fee_tyiyn,
     agreed_fee_tyiyn = excluded.agreed_fee_tyiyn, holds = true`,
);

const SIZE = statement('ledger.statement-size', 'select lines from ledger.statements where id = $1');
/** From so many on reading both sides through is faster than looking up each line. */
const MANY_LINES = 50_000;

const COUNT = statement(
  'ledger.count-differences',
  `update ledger.statements s set found = (
     select coalesce(jsonb_object_agg(verdict, found), '{}') from (
       select verdict, count(*) as found from ledger.differences d where d.statement_id = $1 and d.holds group by verdict
     ) v
   ) where s.id = $1`,
);

/**
 * Compares a statement with the books as they are now, in sets: its lines are never read one by one. What was resolved stays
 * so, also where it is no difference any more.
 */
export async function compare(session: Session, statementId: string): Promise<void> {
  // Nobody has told the planner yet how many lines there are: for few it looks each up, for many it must not.
  const [size] = await session.rows<{ lines: number }>(SIZE, [statementId]);
  await session.run(`set local enable_nestloop = ${(size?.lines ?? 0) < MANY_LINES ? 'on' : 'off'}`);
  for (const part of [FORGET, DOUBT, FORGET_SUMS, COMPARE, COUNT]) await session.rows(part, [statementId]);
}
