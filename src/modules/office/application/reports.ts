import type { Tyiyn } from '../../../kernel/money.ts';
import type { ReportScope } from '../../../kernel/report-scope.ts';
import type { LocalDate } from '../../../kernel/time.ts';

type OfDay = { readonly day: LocalDate; readonly parkId: string };

/** By the day on which it happened. `revenue` is the money of tickets that became valid, before what was cancelled. */
export type SalesRow = OfDay & {
  readonly ticketsBooked: number;
  readonly holdsExpired: number;
  readonly ticketsSold: number;
  readonly peopleSold: number;
  readonly revenueTyiyn: Tyiyn;
  readonly ticketsCancelled: number;
  readonly cancelledTyiyn: Tyiyn;
};

/** By the day of the visit. */
export type AdmissionsRow = OfDay & {
  readonly scans: number;
  readonly peopleAdmitted: number;
  /** People whom gates that were cut off let in beyond what tickets were good for; not among those admitted. */
  readonly peopleInExcess: number;
  /** People who came in, admitted or in excess, although the park was full. */
  readonly peopleOverLimit: number;
  readonly peopleExited: number;
  /** People of tickets that were paid and not used. */
  readonly noShows: number;
};

/** By the day of the visit and the hour of the scan, in the parks' time. */
export type OccupancyRow = OfDay & {
  readonly hour: number;
  readonly entered: number;
  readonly left: number;
  /** People inside when the hour ended, and the most at once in it. */
  readonly inside: number;
  readonly peak: number;
};

/** By the day the money moved and how it was paid. */
export type PaymentsRow = OfDay & {
  readonly method: string;
  readonly payments: number;
  readonly paidTyiyn: Tyiyn;
  readonly refunds: number;
  readonly refundedTyiyn: Tyiyn;
  /** Money that came and fitted no payment; it goes back and is among the refunds then. */
  readonly misfitTyiyn: Tyiyn;
};

/** By the day on which points moved. Points that lapsed belong to no park. */
export type LoyaltyRow = {
  readonly day: LocalDate;
  readonly earned: number;
  readonly reserved: number;
  readonly returned: number;
  readonly reversed: number;
  readonly lapsed: number;
};

/** Port: figures, day by day. A day on which nothing happened has no row. */
export type Reports = {
  sales(scope: ReportScope): Promise<readonly SalesRow[]>;
  admissions(scope: ReportScope): Promise<readonly AdmissionsRow[]>;
  occupancy(scope: ReportScope): Promise<readonly OccupancyRow[]>;
  payments(scope: ReportScope): Promise<readonly PaymentsRow[]>;
  loyalty(scope: ReportScope): Promise<readonly LoyaltyRow[]>;
};
