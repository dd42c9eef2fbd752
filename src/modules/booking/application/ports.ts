import type { LocalDate, LocalTime } from '../../../kernel/time.ts';
import type { Tariff } from '../domain/pricing.ts';

/** Port: what a park offers on a day; null when there is no such park. */
export type ParkDays = (
  parkId: string,
  date: LocalDate,
) => Promise<
  | (Tariff & {
      readonly timeZone: string;
      /** Null when the park is closed that day. */
      readonly hours: { readonly openTime: LocalTime; readonly closeTime: LocalTime } | null;
      readonly dayQuota: number;
    })
  | null
>;

/** Port: the children of a guest's profile. */
export type ChildrenOf = (
  userId: string,
) => Promise<readonly { readonly childId: string; readonly name: string; readonly birthDate: LocalDate }[]>;

/** Port: tickets of a day whose hold ended unpaid and whose expiry nobody has written yet, oldest first. */
export type ExpiredHolds = (
  parkId: string,
  date: LocalDate,
  nowMs: number,
  limit: number,
) => Promise<readonly string[]>;

/** Port: the signed code that lets a party in, the same for the same facts and key. */
export type SignAdmissionCode = (facts: {
  readonly ticketId: string;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  readonly partySize: number;
  readonly validFromMs: number;
  readonly validUntilMs: number;
}) => string;
