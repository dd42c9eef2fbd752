import type { CommandMeta, Step } from '../../../kernel/command-runner.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { Result } from '../../../kernel/result.ts';
import type { LocalDate, LocalTime } from '../../../kernel/time.ts';
import type { WhyCancelled } from '../contract.ts';
import type { Tariff } from '../domain/pricing.ts';
import type { PromoCode } from '../domain/promo-code.ts';

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

/** Port: whether the key of a guest's personal data was destroyed, so that nothing can be written down for them any more. */
export type IsForgotten = (subjectId: string) => Promise<boolean>;

/**
 * Port: the gates' part in a cancellation; refused when somebody has come in, unless a manager overrides, and when the gates are not this
 * node's any more.
 */
export type VoidAdmission = (command: {
  readonly ticketId: string;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  readonly partySize: number;
  readonly why: WhyCancelled;
  readonly override: boolean;
  readonly nowMs: number;
}) => Promise<
  readonly Step<{ readonly code: 'already_admitted'; readonly entered: number } | { readonly code: 'home_changed' }>[]
>;

/** Port: what loyalty takes off a guest's price. */
export type GuestStandings = (
  userId: string,
  nowMs: number,
) => Promise<{
  readonly points: number;
  readonly tierName: string;
  readonly tierPercent: number;
  /** What one spent point takes off. */
  readonly pointTyiyn: Tyiyn;
  /** Most of the price after promo code and tier that points may pay, 0 to 100. */
  readonly spendablePercent: number;
}>;

/** Port: loyalty's part in the append that makes a ticket. */
export type ReservePoints = (reservation: {
  readonly userId: string;
  readonly ticketId: string;
  readonly points: number;
  readonly nowMs: number;
}) => Step<{ readonly code: 'points_insufficient'; readonly available: number }>;

/** Port: places of a day that can be sold now, overdue holds counted as free; null when nothing was sold for it yet. */
export type FreePlaces = (parkId: string, date: LocalDate) => Promise<number | null>;

/**
 * Port: whose account an id or a mobile number is. `number_unproven`: it may be of anybody who typed the number, and gets
 * nothing that was paid for.
 */
export type FindGuest = (
  guest: { readonly userId: string } | { readonly phone: string },
) => Promise<Result<string, { readonly code: 'user_not_found' | 'number_unproven' }>>;

/** Port: whether the account may be taken for that of whoever has its number. Once it may, it may for ever. */
export type NumberProven = (userId: string) => Promise<boolean>;

/** Port: the guest with exactly this number, null when it is nobody's. That staff looked is on record before it is answered. */
export type LookUpGuest = (
  staffId: string,
  phone: string,
  meta: CommandMeta,
) => Promise<Result<string | null, { readonly code: 'bad_phone' }>>;

/** Port: whose pass it is; null when there is no such pass. */
export type PassOwner = (passId: string) => Promise<string | null>;

/** Port: the promo code of a text, whatever its case; null when there is none. */
export type FindPromo = (code: string) => Promise<PromoCode | null>;

/** Port: the node that serves the gates of a park on a day. */
export type HomeOf = (parkId: string, date: LocalDate) => Promise<string>;

/** Port: the log that a node writes now, as far as this node knows; null when it has not been heard of. */
export type IncarnationOf = (nodeId: string) => Promise<string | null>;

/** Port: whether gates that another node serves have said that their day is over. */
export type GateDayOver = (parkId: string, date: LocalDate) => Promise<boolean>;

/**
 * Port: whether this node may not sell, nor hand over, what it seems to have of a day: headquarters was set back, and the gates of
 * the day are another node's.
 */
export type IsFenced = (parkId: string, date: LocalDate) => Promise<boolean>;

/** Port: whether this node is headquarters that was set back, and nobody has said yet that it may sell again. */
export type IsSetBack = () => Promise<boolean>;

/** Port: the node that writes a ticket; null when it is not known. */
export type SellerOf = (ticketId: string) => Promise<string | null>;

/** Port: the nodes whose tickets this one writes: itself, and at headquarters those that were revoked. */
export type Writers = () => Promise<readonly string[]>;

/** Port: every park, and the part of a day's quota that is for its desk, in percent. */
export type WalkUpShares = () => Promise<readonly { readonly parkId: string; readonly percent: number }[]>;
