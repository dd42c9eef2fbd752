import type {
  EntryLimitExceeded,
  EntryLimitOverridden,
  AdmissionRecounted,
  PeopleAdmittedInExcess,
} from '../../src/modules/admission/domain/admission-messages.ts';
import type { DeviceInvited, DeviceRevoked } from '../../src/modules/admission/domain/device.ts';
import type { IncidentResolved } from '../../src/modules/admission/domain/incident.ts';
import type {
  PasskeyRefused,
  RecoveryCodesRenewed,
  RecoveryCodeUsed,
  RoleGranted,
  RoleRevoked,
  SecondFactorEnrolled,
  SecondFactorRemoved,
  SecondFactorReset,
  SessionsEnded,
} from '../../src/modules/auth/contract.ts';
import type { TicketCancelled } from '../../src/modules/booking/contract.ts';
import type { DayClosingStarted } from '../../src/modules/booking/domain/day-closing.ts';
import type { PassCancelled, PassIssued } from '../../src/modules/booking/domain/pass.ts';
import type { PromoCodeChanged, PromoCodeCreated } from '../../src/modules/booking/domain/promo-code.ts';
import type { DifferenceResolved } from '../../src/modules/ledger/domain/difference.ts';
import type { StatementImported } from '../../src/modules/ledger/domain/statement.ts';
import type { LoyaltyFiguresChanged } from '../../src/modules/loyalty/domain/programme.ts';
import type { NodeInvited, NodeRevoked } from '../../src/modules/nodes/domain/node-messages.ts';
import type { SellingResumed } from '../../src/modules/nodes/domain/incarnation.ts';
import type { KeptSegmentSettled } from '../../src/modules/nodes/domain/settled-segment.ts';
import type { ParkedEventSettled } from '../../src/modules/office/domain/settled-event.ts';
import type {
  WebhookEndpointAdded,
  WebhookEndpointChanged,
  WebhookEndpointRemoved,
  WebhookSecretReplaced,
} from '../../src/modules/office/domain/webhook-endpoint.ts';
import type { CalendarDayCleared, CalendarDaySet } from '../../src/modules/park/domain/calendar-day.ts';
import type { HolidaysSet } from '../../src/modules/park/domain/holiday-list.ts';
import type { ParkEdited, ParkOpened } from '../../src/modules/park/domain/park.ts';
import type { RefundRequested, RefundSucceeded } from '../../src/modules/payment/contract.ts';
import type { ShiftEvent } from '../../src/modules/payment/domain/shift.ts';
import type { UserErased } from '../../src/modules/user/contract.ts';
import type { GuestLookedUp } from '../../src/modules/user/domain/guest-look-up.ts';

/** All that can stand in the audit trail. */
type Audited =
  | CalendarDayCleared
  | CalendarDaySet
  | DayClosingStarted
  | DeviceInvited
  | DeviceRevoked
  | DifferenceResolved
  | EntryLimitExceeded
  | EntryLimitOverridden
  | Extract<ShiftEvent, { readonly type: 'ShiftOpened' | 'ShiftClosed' | 'CashPaidOut' }>
  | GuestLookedUp
  | HolidaysSet
  | IncidentResolved
  | KeptSegmentSettled
  | LoyaltyFiguresChanged
  | NodeInvited
  | NodeRevoked
  | ParkedEventSettled
  | ParkEdited
  | ParkOpened
  | PassCancelled
  | PassIssued
  | PasskeyRefused
  | AdmissionRecounted
  | PeopleAdmittedInExcess
  | PromoCodeChanged
  | PromoCodeCreated
  | RecoveryCodesRenewed
  | RecoveryCodeUsed
  | RefundRequested
  | RefundSucceeded
  | RoleGranted
  | RoleRevoked
  | SecondFactorEnrolled
  | SecondFactorRemoved
  | SecondFactorReset
  | SellingResumed
  | SessionsEnded
  | StatementImported
  | TicketCancelled
  | UserErased
  | WebhookEndpointAdded
  | WebhookEndpointChanged
  | WebhookEndpointRemoved
  | WebhookSecretReplaced;

export type AuditedType = Audited['type'];

type Plain = string | number | bigint | boolean | null | undefined;

/** The names of the fields of a value, and of what is in them. */
type NamesIn<Value> = Value extends Plain
  ? never
  : Value extends readonly (infer Item)[]
    ? NamesIn<Item>
    : { [Name in keyof Value & string]: Name | NamesIn<Value[Name]> }[keyof Value & string];

type FieldsOf<Event> = Event extends { readonly data: infer Data } ? NamesIn<Data> : never;

/** Every field that a record of the audit trail can have, however deep. The compiler reads it off the events. */
export type AuditedField = FieldsOf<Audited>;
