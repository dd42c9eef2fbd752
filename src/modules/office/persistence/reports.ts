import { trustedSom } from '../../../kernel/money.ts';
import type { ReportScope } from '../../../kernel/report-scope.ts';
import { PARKS_TIME_ZONE } from '../../../kernel/time.ts';
import type { Projection } from '../../../infrastructure/module.ts';
import type { Database } from '../../../infrastructure/postgres/database.ts';
import { statement } from '../../../infrastructure/postgres/session.ts';
import type { Reports } from '../application/reports.ts';

export const reportsProjection: Projection = {
  name: 'office.reports',
  schema: 'office',
  tables: ['report_facts', 'report_tickets', 'report_payments'],
  eventTypes: [
    'TicketHeld',
    'TicketHoldExpired',
    'TicketActivated',
    'TicketCancelled',
    'TicketExpired',
    'PeopleAdmitted',
    'PeopleExited',
    'PeopleAdmittedInExcess',
    'EntryLimitOverridden',
    'EntryLimitExceeded',
    'PaymentIntended',
    'PaymentSucceeded',
    'RefundSucceeded',
    'PaymentMismatched',
    'PointsEarned',
    'PointsReserved',
    'PointsReturned',
    'PointsReversed',
    'PointsLapsed',
  ],
  functionName: 'office.project_reports',
};

const SCOPE = 'day between $1 and $2 and ($3::text is null or park_id = $3)';
const BY_PARK = 'group by day, park_id order by day, park_id';
const count = (kind: string, as: string): string => `count(*) filter (where kind = '${kind}')::integer as "${as}"`;
const sum = (column: string, kind: string, as: string): string =>
  `coalesce(sum(${column}) filter (where kind = '${kind}'), 0)::integer as "${as}"`;
const money = (kind: string, as: string): string =>
  `coalesce(sum(amount) filter (where kind = '${kind}'), 0)::decimal(14, 2) as "${as}"`;

const SALES = statement(
  'office.sales-report',
  `select day, park_id as "parkId", ${count('booked', 'ticketsBooked')}, ${count('hold_expired', 'holdsExpired')},
     ${count('sold', 'ticketsSold')}, ${sum('people', 'sold', 'peopleSold')}, ${money('sold', 'revenue')},
     ${count('cancelled', 'ticketsCancelled')}, ${money('cancelled', 'cancelled')}
   from office.report_facts where ${SCOPE} and kind in ('booked', 'hold_expired', 'sold', 'cancelled') ${BY_PARK}`,
);

const ADMISSIONS = statement(
  'office.admissions-report',
  `select day, park_id as "parkId", count(*) filter (where kind in ('admitted', 'exited', 'excess'))::integer as scans,
     ${sum('people', 'admitted', 'peopleAdmitted')},
     coalesce(sum(people) filter (where kind in ('excess', 'excess_too')), 0)::integer as "peopleInExcess",
     ${sum('people', 'over_limit', 'peopleOverLimit')}, ${sum('people', 'exited', 'peopleExited')}, ${sum('people', 'no_show', 'noShows')}
   from office.report_facts
   where ${SCOPE} and kind in ('admitted', 'excess', 'excess_too', 'over_limit', 'exited', 'no_show') ${BY_PARK}`,
);

/** People inside after each scan are the running sum of who came and went; an hour shows its last and its highest. */
const OCCUPANCY = statement(
  'office.occupancy-report',
  `with passages as (
     select day, park_id, at, position, extract(hour from at at time zone '${PARKS_TIME_ZONE}')::integer as hour,
       case when kind <> 'exited' then people else 0 end as entered, case when kind = 'exited' then people else 0 end as gone
     from office.report_facts where ${SCOPE} and kind in ('admitted', 'excess', 'excess_too', 'exited')
   ), running as (
     select *, sum(entered - gone) over (partition by day, park_id order by at, position)::integer as inside from passages
   )
   select day, park_id as "parkId", hour, sum(entered)::integer as entered, sum(gone)::integer as "left",
     (array_agg(inside order by at desc, position desc))[1] as inside, max(inside) as peak
   from running group by day, park_id, hour order by day, park_id, hour`,
);

const PAYMENTS = statement(
  'office.payments-report',
  `select day, park_id as "parkId", coalesce(method, 'unknown') as method, ${count('paid', 'payments')}, ${money('paid', 'paid')},
     ${count('refunded', 'refunds')}, ${money('refunded', 'refunded')}, ${money('misfit', 'misfit')}
   from office.report_facts where ${SCOPE} and kind in ('paid', 'refunded', 'misfit')
   group by day, park_id, method order by day, park_id, method`,
);

const LOYALTY = statement(
  'office.loyalty-report',
  `select day, ${sum('points', 'points_earned', 'earned')}, ${sum('points', 'points_reserved', 'reserved')},
     ${sum('points', 'points_returned', 'returned')}, ${sum('points', 'points_reversed', 'reversed')},
     ${sum('points', 'points_lapsed', 'lapsed')}
   from office.report_facts
   where ${SCOPE} and kind in ('points_earned', 'points_reserved', 'points_returned', 'points_reversed', 'points_lapsed')
   group by day order by day`,
);

type OfDay = { readonly day: string; readonly parkId: string };
type SalesLine = OfDay & {
  readonly ticketsBooked: number;
  readonly holdsExpired: number;
  readonly ticketsSold: number;
  readonly peopleSold: number;
  readonly revenue: string;
  readonly ticketsCancelled: number;
  readonly cancelled: string;
};
type PaymentsLine = OfDay & {
  readonly method: string;
  readonly payments: number;
  readonly paid: string;
  readonly refunds: number;
  readonly refunded: string;
  readonly misfit: string;
};

/** Reports as sums over the facts of the days asked for. */
export function createReports(database: Database): Reports {
  const valuesOf = ({ from, to, parkId }: ReportScope) => [from, to, parkId];
  return {
    async sales(scope) {
      const lines = await database.rows<SalesLine>(SALES, valuesOf(scope));
      return lines.map(({ revenue, cancelled, ...line }) => ({
        ...line,
        revenueTyiyn: trustedSom(revenue),
        cancelledTyiyn: trustedSom(cancelled),
      }));
    },
    admissions: (scope) => database.rows(ADMISSIONS, valuesOf(scope)),
    occupancy: (scope) => database.rows(OCCUPANCY, valuesOf(scope)),
    async payments(scope) {
      const lines = await database.rows<PaymentsLine>(PAYMENTS, valuesOf(scope));
      return lines.map(({ paid, refunded, misfit, ...line }) => ({
        ...line,
        paidTyiyn: trustedSom(paid),
        refundedTyiyn: trustedSom(refunded),
        misfitTyiyn: trustedSom(misfit),
      }));
    },
    loyalty: (scope) => database.rows(LOYALTY, valuesOf(scope)),
  };
}
