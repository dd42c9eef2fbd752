import { assert } from '../../../kernel/assert.ts';
import { compareProjection } from '../../../infrastructure/event-store/compare-projection.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Ledger } from '../application/ports.ts';

export const entriesProjection: Projection = {
  name: 'ledger.entries',
  schema: 'ledger',
  tables: ['entries', 'totals', 'first_admissions'],
  eventTypes: [
    'PaymentSucceeded',
    'PaymentMismatched',
    'RefundRequested',
    'RefundSucceeded',
    'TicketActivated',
    'TicketMoved',
    'TicketPaymentRefused',
    'TicketExpired',
    'PeopleAdmitted',
    'ShiftOpened',
    'CashTaken',
    'CashPaidOut',
    'ShiftClosed',
    'StatementBooked',
  ],
  functionName: 'ledger.project_entries',
};

const TRIAL_BALANCE = statement(
  'ledger.trial-balance',
  `select booked_day as "bookedDay", day, park_id as "parkId", account, debit_tyiyn::text as debit, credit_tyiyn::text as credit,
     balance::text as balance
   from (
     select *, sum(debit_tyiyn - credit_tyiyn) over (partition by park_id, account order by booked_day) as balance
     from ledger.totals where booked_day <= $2 and ($3::text is null or park_id = $3)
   ) t
   where booked_day >= $1 order by booked_day, park_id, account, day`,
);

const sum = (condition: string, as: string, sign = ''): string =>
  `coalesce(${sign}sum(amount_tyiyn) filter (where ${condition}), 0)::text as "${as}"`;

const SUMS = statement(
  'ledger.sums',
  `select ${sum(`amount_tyiyn > 0 and event_type in ('PaymentSucceeded', 'PaymentMismatched')`, 'received')},
     ${sum(`amount_tyiyn > 0 and account = 'refunds_payable'`, 'paidBack')},
     ${sum(`account = 'refunds_payable'`, 'owed', '-')}, ${sum(`account = 'till'`, 'inTills')},
     ${sum(`account = 'clearing:cash'`, 'cashAstray')},
     (select count(*) from (
        select from ledger.entries group by position having sum(amount_tyiyn) <> 0
      ) u) as unbalanced,
     (select count(*) from ledger.totals t full join (
        select park_id, account, booked_day, day, sum(greatest(amount_tyiyn, 0)) as debit, sum(greatest(-amount_tyiyn, 0)) as credit
        from ledger.entries group by 1, 2, 3, 4
      ) e using (park_id, account, booked_day, day)
      where (t.debit_tyiyn, t.credit_tyiyn) is distinct from (e.debit, e.credit)) as "totalsAstray",
     array(
       select payment_id from ledger.entries e where account in ('received', 'suspense') and payment_id is not null
       group by payment_id, account having sum(amount_tyiyn) <> 0
         and (select x.created_at from store.event x where x.position = max(e.position)) < store.from_ms($1)
         and not exists (select from store.parked_event p where p.aggregate_id = e.payment_id and p.resolved_at is null)
       order by 1 limit 20
     ) as unexplained
   from ledger.entries`,
);

type TrialBalanceLine = {
  readonly bookedDay: string;
  readonly day: string;
  readonly parkId: string;
  readonly account: string;
  readonly debit: string;
  readonly credit: string;
  readonly balance: string;
};
type SumsLine = {
  readonly received: string;
  readonly paidBack: string;
  readonly owed: string;
  readonly inTills: string;
  readonly cashAstray: string;
  readonly unbalanced: number;
  readonly totalsAstray: number;
  readonly unexplained: readonly string[];
};

export const createLedger = (database: Database): Ledger => ({
  async trialBalance({ from, to, parkId }) {
    const lines = await database.rows<TrialBalanceLine>(TRIAL_BALANCE, [from, to, parkId]);
    return lines.map(({ debit, credit, balance, ...line }) => ({
      ...line,
      debitTyiyn: BigInt(debit),
      creditTyiyn: BigInt(credit),
      balanceTyiyn: BigInt(balance),
    }));
  },
  astray: async () => (await compareProjection(database, entriesProjection)).differing,
  sums: (beforeMs) =>
    database.exclusive(async (connection) => {
      const [line] = await connection.rows<SumsLine>(SUMS, [beforeMs]);
      assert(line, 'an aggregate answers one row');
      const { unbalanced, totalsAstray, unexplained } = line;
      return {
        unbalanced,
        totalsAstray,
        unexplained,
        facts: {
          receivedTyiyn: BigInt(line.received),
          paidBackTyiyn: BigInt(line.paidBack),
          owedTyiyn: BigInt(line.owed),
          inTillsTyiyn: BigInt(line.inTills),
        },
        cashAstrayTyiyn: BigInt(line.cashAstray),
      };
    }),
});
