import type { Tyiyn } from '../../../kernel/money.ts';
import type { Result } from '../../../kernel/result.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type {
  AgeBand,
  Difference,
  Leaving,
  TicketActivated,
  TicketCancelled,
  TicketExpired,
  TicketHoldExpired,
  TicketLeftDay,
  TicketMoved as PublishedMove,
  TicketMoveUndone as PublishedUndoing,
  TicketPlace,
  TicketPromo,
  TicketRefunded,
  TicketVoidDenied,
  VoidAsked,
  WhyCancelled,
} from '../contract.ts';
import type { PriceLine } from './pricing.ts';
import type { TicketSaleRemembered } from './remembered-sale.ts';
import type { TicketPaymentRefused, WhyPaymentRefused } from './refused-payment.ts';

export type TicketType = 'single' | 'group';

export type TicketChild = {
  readonly childId: string | null;
  /** Personal; null once the guest was erased, or when nobody asked at the desk. */
  readonly name: string | null;
  readonly birthDate: LocalDate | null;
  /** Whole years on the day of the visit. Personal. */
  readonly age: number | null;
  readonly ageBand: AgeBand;
};

/** What depends on the day of the visit. */
export type DayTerms = {
  readonly visitDate: LocalDate;
  readonly children: readonly TicketChild[];
  readonly priceTyiyn: Tyiyn;
  readonly priceLines: readonly PriceLine[];
  /** When gates let the party in. */
  readonly validFromMs: number;
  readonly validUntilMs: number;
  /** The park's closing on the day of the visit; nothing is sold or held beyond it. */
  readonly closesAtMs: number;
};

/** What was agreed when the ticket was made; a move changes the terms of the day, nothing else ever does. */
export type TicketTerms = DayTerms & {
  readonly ticketId: string;
  /** Null for a ticket sold at the desk. */
  readonly userId: string | null;
  /** Under whose key personal fields are sealed: the guest's, or the ticket's own. */
  readonly subjectId: string;
  readonly parkId: string;
  readonly ticketType: TicketType;
  readonly qrCode: string;
  readonly adults: number;
  /** Everybody of the party, grown-ups included. */
  readonly places: number;
  readonly promo: TicketPromo | null;
  readonly tier: { readonly name: string; readonly percent: number } | null;
  readonly pointsSpent: number;
  /** The pass that it is a visit of. */
  readonly passId: string | null;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
};

export type TicketHeld = { readonly type: 'TicketHeld'; readonly data: TicketTerms };
export type TicketHoldKept = {
  readonly type: 'TicketHoldKept';
  readonly data: { readonly ticketId: string; readonly paymentId: string; readonly expiresAtMs: number };
};
export type TicketMoved = {
  readonly type: 'TicketMoved';
  readonly data: PublishedMove['data'] & DayTerms;
};

export type TicketMoveUndone = {
  readonly type: 'TicketMoveUndone';
  readonly data: PublishedUndoing['data'] & DayTerms;
};

/** What a ticket becomes by a move. */
export type MoveTerms = {
  readonly day: DayTerms;
  /** The promo code, where it does not count on the new day; its use is given back. */
  readonly returnedPromo: TicketPromo | null;
  /** Points that stay spent. */
  readonly pointsSpent: number;
};

/** Places of a dearer day are held until the difference is paid; `visitDate` is the new day. */
export type TicketMoveHeld = {
  readonly type: 'TicketMoveHeld';
  readonly data: TicketPlace &
    DayTerms &
    Omit<MoveTerms, 'day'> & {
      readonly subjectId: string;
      readonly fromDate: LocalDate;
      readonly dueTyiyn: Tyiyn;
      readonly heldAtMs: number;
      readonly expiresAtMs: number;
    };
};
/** A payment of the difference begins. */
export type TicketMoveKept = {
  readonly type: 'TicketMoveKept';
  readonly data: { readonly ticketId: string; readonly paymentId: string; readonly expiresAtMs: number };
};
/** Nobody paid the difference: the places of the new day, `visitDate`, are free again. */
export type TicketMoveLapsed = {
  readonly type: 'TicketMoveLapsed';
  readonly data: TicketPlace & { readonly lapsedAtMs: number };
};

/** A move that waits for the difference. */
export type PendingMove = MoveTerms & {
  readonly dueTyiyn: Tyiyn;
  readonly expiresAtMs: number;
  /** Payments that were begun for it. */
  readonly paymentIds: readonly string[];
};

export type TicketEvent =
  | TicketHeld
  | TicketHoldKept
  | TicketHoldExpired
  | TicketActivated
  | TicketSaleRemembered
  | TicketPaymentRefused
  | TicketCancelled
  | TicketRefunded
  | TicketMoved
  | TicketMoveHeld
  | TicketMoveKept
  | TicketMoveLapsed
  | TicketLeftDay
  | TicketMoveUndone
  | TicketExpired
  | VoidAsked
  | TicketVoidDenied;

export type TicketCommand =
  | { readonly kind: 'hold'; readonly terms: TicketTerms; readonly admissionCode: string | null }
  /** Paid at the desk in the same append. */
  | {
      readonly kind: 'sell';
      readonly terms: TicketTerms;
      readonly paymentId: string | null;
      readonly admissionCode: string;
    }
  /** A payment begins: the hold is kept for it once. `userId` is null for a ticket of the desk. */
  | { readonly kind: 'keep'; readonly userId: string | null; readonly paymentId: string; readonly nowMs: number }
  /** `fenced`: the log begins anew, and remembers a hold whose places it may have sold since. */
  | { readonly kind: 'expire'; readonly nowMs: number; readonly fenced?: boolean }
  | {
      readonly kind: 'settle';
      readonly paymentId: string;
      readonly paidTyiyn: Tyiyn;
      readonly nowMs: number;
      readonly admissionCode: string;
      /** Nobody can book the day any more; only a hold that still stands can be paid for. */
      readonly dayClosed?: boolean;
      /** Nobody can have taken its places since its hold ended: it still stands. */
      readonly holdStands?: boolean;
      /** As for `move`, where the money carries one out. */
      readonly voidId?: string | null;
    }
  /** Its park knows that it was sold, which this node, being set back, does not. */
  | { readonly kind: 'remember_sale'; readonly admissionCode: string; readonly nowMs: number }
  /** The store had no place left to settle the payment with, or the guest is gone. */
  | {
      readonly kind: 'refuse_payment';
      readonly paymentId: string;
      readonly why: 'park_at_capacity' | 'guest_erased';
      readonly nowMs: number;
    }
  | {
      readonly kind: 'cancel';
      readonly why: WhyCancelled;
      /** Another node sold it, whose heir this one is. */
      readonly inherited?: boolean;
      /** Only while it is held: money that came meanwhile keeps it. */
      readonly onlyHeld?: boolean;
      /** Whose ticket a guest says it is; staff says null. */
      readonly userId: string | null;
      readonly reason: string | null;
      /** The date in the park. */
      readonly today: LocalDate;
      readonly nowMs: number;
    }
  /** The same, of a paid ticket whose gates another node serves: it is asked first. */
  | {
      readonly kind: 'ask_void';
      readonly voidId: string;
      readonly why: WhyCancelled;
      readonly userId: string | null;
      readonly reason: string | null;
      readonly today: LocalDate;
      readonly nowMs: number;
    }
  /** What the gates said. */
  | {
      readonly kind: 'end_void';
      readonly voidId: string;
      readonly denied: { readonly entered: number } | null;
      readonly nowMs: number;
    }
  /** What the gates of the day said that the ticket has left. */
  | {
      readonly kind: 'end_leaving';
      readonly voidId: string;
      readonly denied: { readonly entered: number } | null;
      /** For the old day, should the ticket be for it again. */
      readonly admissionCode: string;
      readonly nowMs: number;
    }
  /** All that came in by a payment is out again. */
  | {
      readonly kind: 'mark_refunded';
      readonly paymentId: string;
      /** The refund that was the last of it. */
      readonly refundId: string;
      readonly nowMs: number;
    }
  | {
      readonly kind: 'move';
      readonly userId: string;
      readonly to: MoveTerms;
      /** The question to the gates of the old day; null where they are this node's own. */
      readonly voidId: string | null;
      readonly today: LocalDate;
      readonly nowMs: number;
      readonly admissionCode: string;
    }
  /** The day of the visit is over. */
  | { readonly kind: 'end_day'; readonly nowMs: number };

export type CommandOf<Kind extends TicketCommand['kind']> = TicketCommand & { readonly kind: Kind };

type LifeStatus = 'absent' | 'held' | 'expired' | 'active' | 'cancelled' | 'refunded';

export type TicketRefusal =
  | { readonly code: 'ticket_not_found' }
  | { readonly code: 'ticket_not_payable'; readonly status: LifeStatus }
  | { readonly code: 'ticket_not_cancellable'; readonly status: LifeStatus }
  | { readonly code: 'ticket_not_movable'; readonly status: LifeStatus }
  | { readonly code: 'hold_expired' }
  | { readonly code: 'only_staff_cancels_today' }
  | { readonly code: 'already_moved' }
  | { readonly code: 'too_late_to_move' }
  | { readonly code: 'move_in_progress'; readonly expiresAtMs: number };

export type TicketState = {
  /** `expired`: the hold ended unpaid, or, once `activated`, the day passed and nobody came. */
  readonly status: LifeStatus;
  readonly terms: TicketTerms | null;
  readonly activated: boolean;
  /** It was sold before headquarters was set back, and its payment has not been found. */
  readonly awaitsPayment: boolean;
  readonly moved: boolean;
  readonly expiresAtMs: number;
  readonly keptFor: string | null;
  readonly paymentId: string | null;
  readonly paidTyiyn: Tyiyn;
  /** What of `paidTyiyn` was paid for a move to a dearer day, by a payment of its own. */
  readonly difference: Difference | null;
  readonly move: PendingMove | null;
  /** What another node's gates were asked and have not answered. */
  readonly voiding:
    (Pick<VoidAsked['data'], 'voidId' | 'reason' | 'askedAtMs'> & { readonly why: WhyCancelled }) | null;
  /** The day that the ticket has left and whose gates, another node's, have not answered; and what comes back once they do. */
  readonly leaving: (Leaving & { readonly from: DayTerms }) | null;
  /** What was paid for a move that was undone. */
  readonly undone: Difference | null;
  /** Payments that were begun for moves that nobody paid in time. */
  readonly overMovePayments: readonly string[];
  readonly refusedPayments: readonly { readonly paymentId: string; readonly why: WhyPaymentRefused }[];
};

export type TicketDecision = Result<readonly TicketEvent[], TicketRefusal>;

export const placeOf = ({ ticketId, userId, parkId, visitDate, places }: TicketTerms): TicketPlace => ({
  ticketId,
  userId,
  parkId,
  visitDate,
  places,
});
