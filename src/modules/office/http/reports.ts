import { Type } from 'typebox';
import { formatSom } from '../../../kernel/money.ts';
import { reportRoute } from '../../../infrastructure/http/report-route.ts';
import type { Route } from '../../../infrastructure/http/route.ts';
import { date, money } from '../../../infrastructure/http/schemas.ts';
import type { Reports } from '../application/reports.ts';

const ofDay = { date: date('Day in the parks’ time'), park_id: Type.String() };
const DAY = { date: '2026-12-05', park_id: 'ala-archa' };
const ROLES = ['manager', 'finance', 'admin'] as const;
const whole = (description?: string) => Type.Integer(description === undefined ? {} : { description });

const sales = (reports: Reports): Route =>
  reportRoute({
    roles: ROLES,
    name: 'sales',
    operationId: 'reportSales',
    summary: 'Tickets booked, sold and cancelled',
    description: 'By the day on which it happened, whatever day the visit is on.',
    line: Type.Object({
      ...ofDay,
      tickets_booked: whole(),
      holds_expired: whole(),
      tickets_sold: whole('That became valid'),
      people_sold: whole(),
      revenue: money('Money of tickets that became valid, before what was cancelled'),
      tickets_cancelled: whole('That were valid before'),
      cancelled: money('What was paid for them'),
    }),
    example: {
      ...DAY,
      tickets_booked: 120,
      holds_expired: 8,
      tickets_sold: 110,
      people_sold: 340,
      revenue: '84350.00',
      tickets_cancelled: 2,
      cancelled: '1400.00',
    },
    read: (scope) => reports.sales(scope),
    toLine: (row) => ({
      date: row.day,
      park_id: row.parkId,
      tickets_booked: row.ticketsBooked,
      holds_expired: row.holdsExpired,
      tickets_sold: row.ticketsSold,
      people_sold: row.peopleSold,
      revenue: formatSom(row.revenueTyiyn),
      tickets_cancelled: row.ticketsCancelled,
      cancelled: formatSom(row.cancelledTyiyn),
    }),
  });

const admissions = (reports: Reports): Route =>
  reportRoute({
    roles: ROLES,
    name: 'admissions',
    operationId: 'reportAdmissions',
    summary: 'Who came and who did not',
    description: 'By the day of the visit.',
    line: Type.Object({
      ...ofDay,
      scans: whole('That let somebody pass'),
      people_admitted: whole(),
      people_in_excess: whole(
        'Let in by gates that were cut off, beyond what tickets were good for; not among `people_admitted`',
      ),
      people_over_limit: whole(
        'Who came in although the park was full: by a manager’s word, or at a gate that was cut off',
      ),
      people_exited: whole(),
      no_shows: whole('People of tickets that were paid and not used'),
    }),
    example: {
      ...DAY,
      scans: 150,
      people_admitted: 322,
      people_in_excess: 2,
      people_over_limit: 3,
      people_exited: 290,
      no_shows: 12,
    },
    read: (scope) => reports.admissions(scope),
    toLine: (row) => ({
      date: row.day,
      park_id: row.parkId,
      scans: row.scans,
      people_admitted: row.peopleAdmitted,
      people_in_excess: row.peopleInExcess,
      people_over_limit: row.peopleOverLimit,
      people_exited: row.peopleExited,
      no_shows: row.noShows,
    }),
  });

const occupancy = (reports: Reports): Route =>
  reportRoute({
    roles: ROLES,
    name: 'occupancy',
    operationId: 'reportOccupancy',
    summary: 'How full the park was, hour by hour',
    description: 'By the day of the visit and the hour of the scan. An hour in which nobody passed has no line.',
    line: Type.Object({
      ...ofDay,
      hour: whole('0 to 23'),
      entered: whole(),
      left: whole(),
      inside: whole('When the hour ended'),
      peak: whole('Most at once within the hour'),
    }),
    example: { ...DAY, hour: 11, entered: 84, left: 6, inside: 131, peak: 133 },
    read: (scope) => reports.occupancy(scope),
    toLine: ({ day, parkId, hour, entered, left, inside, peak }) => {
      return { date: day, park_id: parkId, hour, entered, left, inside, peak };
    },
  });

const payments = (reports: Reports): Route =>
  reportRoute({
    roles: ROLES,
    name: 'payments',
    operationId: 'reportPayments',
    summary: 'Money in and out, by method',
    description: 'By the day on which the money moved.',
    line: Type.Object({
      ...ofDay,
      method: Type.String(),
      payments: whole(),
      paid: money(),
      refunds: whole(),
      refunded: money(),
      misfit: money('Came and fitted no payment; it is among the refunds when it has gone back'),
    }),
    example: { ...DAY, method: 'elqr', payments: 90, paid: '70100.00', refunds: 1, refunded: '700.00', misfit: '0.00' },
    read: (scope) => reports.payments(scope),
    toLine: (row) => ({
      date: row.day,
      park_id: row.parkId,
      method: row.method,
      payments: row.payments,
      paid: formatSom(row.paidTyiyn),
      refunds: row.refunds,
      refunded: formatSom(row.refundedTyiyn),
      misfit: formatSom(row.misfitTyiyn),
    }),
  });

const loyalty = (reports: Reports): Route =>
  reportRoute({
    roles: ROLES,
    name: 'loyalty',
    operationId: 'reportLoyalty',
    summary: 'Points earned, spent and lost',
    description: 'By the day on which they moved. Points that lapse belong to no park.',
    line: Type.Object({
      date: date('Day in the parks’ time'),
      earned: whole(),
      reserved: whole('Spent on tickets'),
      returned: whole('Of tickets that ended without a visit'),
      reversed: whole('Of money that went back'),
      lapsed: whole(),
    }),
    example: { date: '2026-12-05', earned: 7010, reserved: 400, returned: 100, reversed: 70, lapsed: 0 },
    read: (scope) => reports.loyalty(scope),
    toLine: ({ day, earned, reserved, returned, reversed, lapsed }) => {
      return { date: day, earned, reserved, returned, reversed, lapsed };
    },
  });

export const reportRoutes = (reports: Reports): readonly Route[] =>
  [sales, admissions, occupancy, payments, loyalty].map((route) => route(reports));
