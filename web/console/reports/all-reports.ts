import { api } from '../../shared/api/client.ts';
import { outcomeInJson } from '../api/in-json.ts';
import { shownDay } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { whole } from '../format/number.ts';
import { nameOfMethod } from '../format/method.ts';
import { nameOfPark } from '../session/parks.ts';
import { FINANCE, OFFICE } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import type { Column } from '../ui/data-table.tsx';
import { AS_FILE } from '../ui/download.ts';
import { byDay } from './days.ts';
import { queryOf, type Report, type RowOf } from './report.ts';

type OfDay = { readonly date: string };
type OfPark = OfDay & { readonly park_id: string };

const day = <Row extends OfDay>(): Column<Row> => ({
  title: texts().reports.day,
  cell: ({ date }) => shownDay(date),
});

const dayAndPark = <Row extends OfPark>(): readonly Column<Row>[] => [
  day<Row>(),
  { title: texts().reports.park, cell: ({ park_id: id }) => nameOfPark(id) },
];

const count = <Row>(title: string, of: (row: Row) => number): Column<Row> => ({
  title,
  isNumber: true,
  cell: (row) => whole(of(row)),
});

const amount = <Row>(title: string, of: (row: Row) => string): Column<Row> => ({
  title,
  isNumber: true,
  cell: (row) => money(of(row)),
});

const asMoney = (value: number): string => money(value.toFixed(2));

export const SALES: Report<RowOf<'reportSales'>> = {
  key: 'sales',
  roles: OFFICE,
  load: (scope) => outcomeInJson(api.GET('/api/v1/admin/reports/sales', queryOf(scope))),
  file: (scope) => api.GET('/api/v1/admin/reports/sales', { ...queryOf(scope), ...AS_FILE }),
  columns: () => {
    const { columns: words } = texts().reports;
    return [
      ...dayAndPark<RowOf<'reportSales'>>(),
      count(words.ticketsSold, (row) => row.tickets_sold),
      count(words.peopleSold, (row) => row.people_sold),
      amount(words.revenue, (row) => row.revenue),
      count(words.ticketsCancelled, (row) => row.tickets_cancelled),
      amount(words.cancelled, (row) => row.cancelled),
      count(words.holdsExpired, (row) => row.holds_expired),
    ];
  },
  lines: (days, rows) => [
    {
      label: texts().reports.columns.revenue,
      values: byDay(days, rows, (row) => Number(row.revenue)),
      shown: asMoney,
      as: 'bars',
    },
  ],
};

export const ADMISSIONS: Report<RowOf<'reportAdmissions'>> = {
  key: 'admissions',
  roles: OFFICE,
  load: (scope) => outcomeInJson(api.GET('/api/v1/admin/reports/admissions', queryOf(scope))),
  file: (scope) => api.GET('/api/v1/admin/reports/admissions', { ...queryOf(scope), ...AS_FILE }),
  columns: () => {
    const { columns: words } = texts().reports;
    return [
      ...dayAndPark<RowOf<'reportAdmissions'>>(),
      count(words.admitted, (row) => row.people_admitted),
      count(words.exited, (row) => row.people_exited),
      count(words.noShows, (row) => row.no_shows),
      count(words.inExcess, (row) => row.people_in_excess),
      count(words.overLimit, (row) => row.people_over_limit),
    ];
  },
  lines: (days, rows) => [
    { label: texts().reports.columns.admitted, values: byDay(days, rows, (row) => row.people_admitted), as: 'bars' },
    { label: texts().reports.columns.noShows, values: byDay(days, rows, (row) => row.no_shows) },
  ],
};

export const OCCUPANCY: Report<RowOf<'reportOccupancy'>> = {
  key: 'occupancy',
  roles: OFFICE,
  load: (scope) => outcomeInJson(api.GET('/api/v1/admin/reports/occupancy', queryOf(scope))),
  file: (scope) => api.GET('/api/v1/admin/reports/occupancy', { ...queryOf(scope), ...AS_FILE }),
  columns: () => {
    const { columns: words } = texts().reports;
    return [
      ...dayAndPark<RowOf<'reportOccupancy'>>(),
      { title: words.hour, cell: ({ hour }) => `${String(hour).padStart(2, '0')}:00` },
      count(words.entered, (row) => row.entered),
      count(words.exited, (row) => row.left),
      count(words.insideAtEnd, (row) => row.inside),
      count(words.peak, (row) => row.peak),
    ];
  },
  lines: (days, rows) => [
    { label: texts().reports.columns.peakOfDay, values: byDay(days, rows, (row) => row.peak, Math.max), as: 'bars' },
  ],
};

export const PAYMENTS: Report<RowOf<'reportPayments'>> = {
  key: 'payments',
  roles: OFFICE,
  load: (scope) => outcomeInJson(api.GET('/api/v1/admin/reports/payments', queryOf(scope))),
  file: (scope) => api.GET('/api/v1/admin/reports/payments', { ...queryOf(scope), ...AS_FILE }),
  columns: () => {
    const { columns: words } = texts().reports;
    return [
      ...dayAndPark<RowOf<'reportPayments'>>(),
      { title: words.method, cell: ({ method }) => nameOfMethod(method) },
      count(words.payments, (row) => row.payments),
      amount(words.paid, (row) => row.paid),
      count(words.refunds, (row) => row.refunds),
      amount(words.refunded, (row) => row.refunded),
      amount(words.misfit, (row) => row.misfit),
    ];
  },
  lines: (days, rows) => [
    {
      label: texts().reports.columns.paid,
      values: byDay(days, rows, (row) => Number(row.paid)),
      shown: asMoney,
      as: 'bars',
    },
    {
      label: texts().reports.columns.refunded,
      values: byDay(days, rows, (row) => Number(row.refunded)),
      shown: asMoney,
    },
  ],
};

export const LOYALTY: Report<RowOf<'reportLoyalty'>> = {
  key: 'loyalty',
  roles: OFFICE,
  load: (scope) => outcomeInJson(api.GET('/api/v1/admin/reports/loyalty', queryOf(scope))),
  file: (scope) => api.GET('/api/v1/admin/reports/loyalty', { ...queryOf(scope), ...AS_FILE }),
  columns: () => {
    const { columns: words } = texts().reports;
    return [
      day<RowOf<'reportLoyalty'>>(),
      count(words.earned, (row) => row.earned),
      count(words.reserved, (row) => row.reserved),
      count(words.returned, (row) => row.returned),
      count(words.reversed, (row) => row.reversed),
      count(words.lapsed, (row) => row.lapsed),
    ];
  },
  lines: (days, rows) => [
    { label: texts().reports.columns.earned, values: byDay(days, rows, (row) => row.earned), as: 'bars' },
    { label: texts().reports.columns.reserved, values: byDay(days, rows, (row) => row.reserved) },
  ],
};

export const LEDGER: Report<RowOf<'reportLedger'>> = {
  key: 'ledger',
  roles: FINANCE,
  load: (scope) => outcomeInJson(api.GET('/api/v1/admin/reports/ledger', queryOf(scope))),
  file: (scope) => api.GET('/api/v1/admin/reports/ledger', { ...queryOf(scope), ...AS_FILE }),
  columns: () => {
    const { columns: words } = texts().reports;
    return [
      ...dayAndPark<RowOf<'reportLedger'>>(),
      { title: words.account, cell: ({ account }) => account },
      amount(words.debit, (row) => row.debit),
      amount(words.credit, (row) => row.credit),
      amount(words.balance, (row) => row.balance),
    ];
  },
};
