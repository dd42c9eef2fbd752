import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { reportRoute, type ReportBeside } from '../../../infrastructure/http/report-route.ts';
import type { Route } from '../../../infrastructure/http/route.ts';
import { toInstant } from '../../../infrastructure/http/instant.ts';
import { date, instant, money, nullable } from '../../../infrastructure/http/schemas.ts';
import type { LastCheck, Ledger } from '../application/ports.ts';

/** What the last daily check of the books found. */
const checkOf = (lastCheck: Pick<LastCheck, 'find'>): ReportBeside => ({
  fields: {
    last_check: nullable(
      Type.Object(
        {
          checked_at: instant(),
          all_well: Type.Boolean({ description: 'Whether the check found no fault' }),
          faults: Type.Array(Type.String({ description: 'What does not fit, in words' })),
        },
        {
          description:
            'The daily check of the whole ledger, whatever parks and days are asked for: every transaction sums to zero, the books are ' +
            'what the log says, and payments, refunds and tills say the same. Null before the first',
        },
      ),
    ),
  },
  example: { last_check: { checked_at: '2026-12-06T00:00:02.412Z', all_well: true, faults: [] } },
  async read() {
    const check = await lastCheck.find();
    if (check === null) return { last_check: null };
    const { checkedAtMs, faults } = check;
    return { last_check: { checked_at: toInstant(checkedAtMs), all_well: faults.length === 0, faults } };
  },
});

export const reportLedgerRoute = (ledger: Pick<Ledger, 'trialBalance'>, lastCheck: Pick<LastCheck, 'find'>): Route =>
  reportRoute({
    name: 'ledger',
    operationId: 'reportLedger',
    summary: 'The books: what each account moved and held, day by day',
    description:
      'A trial balance of the double-entry ledger. Debits and credits of a day are equal, and so are those of all days. An account ' +
      'that did not move on a day has no line. Money is booked on the day on which it becomes known, and a day that is over never ' +
      'changes: what moved on a day before has a line of its own, which says so. Points and discounts are no money and are not in it. ' +
      'Beside the lines stands what the last daily check of these books found.',
    roles: ['finance', 'admin'],
    line: Type.Object({
      date: date('Day in the parks’ time on which it was booked'),
      moved_on: date(
        'Day on which the money moved; of unused tickets the day of the visit. Before `date`: a late entry',
      ),
      park_id: Type.String(),
      account: Type.String({
        description:
          '`clearing:elqr`, `clearing:elcard`, `clearing:elcard_terminal`, `clearing:foreign`, `clearing:cash`, `clearing:by_hand`, ' +
          '`bank`, `till`, `safe`, `cash_differences`, `provider_fees`, `written_off`, `received`, `suspense`, `deferred_revenue`, ' +
          '`revenue`, `revenue:no_show`, `refunds_payable`',
      }),
      debit: money(),
      credit: money(),
      balance: Type.String({
        pattern: '^-?\\d{1,12}\\.\\d{2}$',
        maxLength: 16,
        description:
          'Of the account when `date` ended, since the books began: above zero a debit balance, below zero a credit balance',
        example: '-350.00',
      }),
    }),
    example: {
      date: '2026-12-05',
      moved_on: '2026-12-05',
      park_id: 'ala-archa',
      account: 'deferred_revenue',
      debit: '8050.00',
      credit: '70100.00',
      balance: '-912350.00',
    },
    beside: checkOf(lastCheck),
    read: (scope) => ledger.trialBalance(scope),
    toLine: (row) => ({
      date: row.bookedDay,
      moved_on: row.day,
      park_id: row.parkId,
      account: row.account,
      debit: formatSom(row.debitTyiyn),
      credit: formatSom(row.creditTyiyn),
      balance: formatSom(row.balanceTyiyn),
    }),
  });
