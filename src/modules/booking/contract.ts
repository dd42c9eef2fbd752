import type { Tyiyn } from '../../kernel/money.ts';
import type { LocalDate } from '../../kernel/time.ts';

export type TicketStatus = 'pending_payment' | 'active' | 'used' | 'expired' | 'cancelled' | 'refunded';

/** The age of a child on the day of the visit, as coarse as a gate needs it. */
export type AgeBand = '0-2' | '3-6' | '7-12' | '13-17';

/** The promo code of a ticket, as it stood when the ticket was made. */
export type TicketPromo = {
  readonly promoId: string;
  readonly code: string;
  /** What it takes off: percent, or else a sum. */
  readonly percent: number | null;
  readonly sumTyiyn: Tyiyn | null;
};

/** Which ticket an event is about, and where its places are. */
export type TicketPlace = {
  readonly ticketId: string;
  /** Null for a ticket sold at the desk. */
  readonly userId: string | null;
  readonly parkId: string;
  readonly visitDate: LocalDate;
  /** Everybody of the party. */
  readonly places: number;
};

/** What of a ticket was not paid with money. */
type Discounts = { readonly promo: TicketPromo | null; readonly pointsSpent: number };

/** Published when a hold ended unpaid: places, promo use and points are free again. */
export type TicketHoldExpired = {
  readonly type: 'TicketHoldExpired';
  readonly data: TicketPlace & Discounts & { readonly atMs: number };
};

/** Published when a ticket was paid for; inner event of booking, stable for others. */
export type TicketActivated = {
  readonly type: 'TicketActivated';
  readonly data: TicketPlace & {
    /** Null for a ticket that costs nothing. */
    readonly paymentId: string | null;
    readonly paidTyiyn: Tyiyn;
    readonly activatedAtMs: number;
    /** The hold had expired when the money came, and a free place was taken again. */
    readonly retaken: boolean;
    /** Under the key of `userId`, or of the ticket when it has no owner. */
    readonly subjectId: string;
    readonly admissionCode: string | null;
    /** The ticket was good already: it is the payment of a sale that was remembered. */
    readonly remembered?: true;
  };
};

/** By whom a ticket was cancelled: an `override` is a manager's, of a ticket that was used or whose day is over. */
export type WhyCancelled = 'guest' | 'staff' | 'day_closed' | 'override';

/** Why gates of another node are asked. */
export type WhyAsked = WhyCancelled | 'moved';

/** Money that was paid for a move to a dearer day. */
export type Difference = { readonly paymentId: string; readonly paidTyiyn: Tyiyn };

/** Published when a ticket was cancelled. Money that was paid for it goes back; promo use and points are free again. */
export type TicketCancelled = {
  readonly type: 'TicketCancelled';
  readonly data: TicketPlace &
    Discounts & {
      readonly subjectId: string;
      readonly why: WhyCancelled;
      /** In the words of whoever did it; personal. */
      readonly reason: string | null;
      /** Where the places were that are free again; null when none are, because somebody may be inside. */
      readonly freedFrom: 'held' | 'sold' | null;
      /** Null when no money came for it. */
      readonly paymentId: string | null;
      /** What goes back, in all. */
      readonly paidTyiyn: Tyiyn;
      /** What of it came by a second payment; null when none did. */
      readonly difference: Difference | null;
      readonly cancelledAtMs: number;
    };
};

/**
 * Published when gates that another node serves are asked to let nobody in any more: by a ticket that is to be cancelled, which it is once they
 * say that nobody came in; or, `moved`, on the day `visitDate` that a ticket has left, by the ticket of another day no less.
 */
export type VoidAsked = {
  readonly type: 'VoidAsked';
  readonly data: TicketPlace & {
    readonly subjectId: string;
    readonly voidId: string;
    readonly why: WhyAsked;
    /** In the words of whoever did it; personal. */
    readonly reason: string | null;
    /** What goes back then. */
    readonly paidTyiyn: Tyiyn;
    readonly askedAtMs: number;
  };
};

/** Published when somebody had come in by then: the ticket stays as it is. */
export type TicketVoidDenied = {
  readonly type: 'TicketVoidDenied';
  readonly data: TicketPlace & {
    readonly voidId: string;
    readonly why: WhyCancelled;
    readonly paidTyiyn: Tyiyn;
    /** How many of the party had come in. */
    readonly entered: number;
    readonly deniedAtMs: number;
  };
};

/** Published when the money of a cancelled ticket is out. */
export type TicketRefunded = {
  readonly type: 'TicketRefunded';
  readonly data: TicketPlace & { readonly refundId: string; readonly refundedAtMs: number };
};

/** Published when a guest moved a ticket to another day; `visitDate` is the new one. */
export type TicketMoved = {
  readonly type: 'TicketMoved';
  readonly data: TicketPlace & {
    readonly subjectId: string;
    readonly fromDate: LocalDate;
    readonly paymentId: string | null;
    readonly priceTyiyn: Tyiyn;
    /** What stays paid, and what goes back because the new day is cheaper. */
    readonly paidTyiyn: Tyiyn;
    readonly refundTyiyn: Tyiyn;
    /** What was paid because the new day is dearer; null when it is not. */
    readonly difference: Difference | null;
    /** The promo code, where it counts no more on the new day: its use is free again. */
    readonly returnedPromo: TicketPromo | null;
    /** Points that stay spent, the others come back. Null in moves of the first version: all of them. */
    readonly pointsSpent: number | null;
    /** Where the places of the new day were before. */
    readonly placesFrom: 'free' | 'held';
    /**
     * What waits for the gates of the old day, which another node serves: its places stay sold, and nothing comes back before they answer. Null
     * where nobody had to be asked.
     */
    readonly leaving: Leaving | null;
    readonly admissionCode: string;
    readonly movedAtMs: number;
  };
};

/** What comes back of a move once the gates of the old day say that nobody came in on it. */
export type Leaving = {
  readonly voidId: string;
  readonly refundTyiyn: Tyiyn;
  readonly returnedPromo: TicketPromo | null;
  /** Points that stay spent. */
  readonly pointsSpent: number;
};

/** Published when nobody came in on the day `visitDate` that a ticket has left, and nobody will: its places are free again. */
export type TicketLeftDay = {
  readonly type: 'TicketLeftDay';
  readonly data: TicketPlace &
    Leaving & {
      readonly paymentId: string | null;
      /** What stays paid. */
      readonly paidTyiyn: Tyiyn;
      readonly leftAtMs: number;
    };
};

/**
 * Published when somebody had come in on the day that a ticket was moved from: it is for that day again, `visitDate`, at its old price, and the
 * places of the day it had moved to, `fromDate`, are free.
 */
export type TicketMoveUndone = {
  readonly type: 'TicketMoveUndone';
  readonly data: TicketPlace & {
    readonly subjectId: string;
    readonly fromDate: LocalDate;
    readonly voidId: string;
    /** How many of the party had come in. */
    readonly entered: number;
    /** What stays paid. */
    readonly paidTyiyn: Tyiyn;
    /** What was paid for the dearer day, and goes back; null when it was not dearer. */
    readonly difference: Difference | null;
    readonly admissionCode: string;
    readonly undoneAtMs: number;
  };
};

/** Published when the day of a paid ticket is over and nobody came. */
export type TicketExpired = {
  readonly type: 'TicketExpired';
  readonly data: TicketPlace & {
    readonly paymentId: string | null;
    readonly paidTyiyn: Tyiyn;
    readonly expiredAtMs: number;
  };
};

/** Published when places of a full day came free and are held on a ticket for the guest who waited for them. */
export type WaitlistOffered = {
  readonly type: 'WaitlistOffered';
  readonly data: {
    readonly entryId: string;
    readonly userId: string;
    readonly parkId: string;
    readonly visitDate: LocalDate;
    readonly ticketId: string;
    readonly untilMs: number;
    readonly offeredAtMs: number;
  };
};

/** A part of a day's places on its way between headquarters and a park's own node. */
type Carried = { readonly parkId: string; readonly date: LocalDate; readonly places: number };

/** Published by headquarters: places of a day are the park's to sell from now on. On the way they are nobody's. */
export type CapacityGranted = {
  readonly type: 'CapacityGranted';
  readonly data: Carried & {
    readonly grantId: string;
    readonly fromNode: string;
    readonly toNode: string;
    /** The log of the node that may take them: one that was begun since has to ask anew. */
    readonly toIncarnation: string;
    /** What the park asked with; null for its walk-up share. */
    readonly askId: string | null;
    readonly grantedAtMs: number;
    /** Headquarters was set back and had forgotten it; the park has its places, whether headquarters has them to give or not. */
    readonly remembered?: true;
  };
};

/** Published by a park: a grant has arrived, its places are the park's. */
export type CapacityCredited = {
  readonly type: 'CapacityCredited';
  readonly data: Carried & {
    readonly grantId: string;
    readonly nodeId: string;
    readonly askId: string | null;
    readonly creditedAtMs: number;
  };
};

/** Published by a park: tickets of a day that headquarters had sold and, since it was set back, may not remember. */
export type CapacityRecalled = {
  readonly type: 'CapacityRecalled';
  readonly data: {
    readonly parkId: string;
    readonly date: LocalDate;
    readonly nodeId: string;
    /** The life that headquarters' log has begun since. */
    readonly incarnation: string;
    readonly tickets: readonly { readonly ticketId: string; readonly places: number }[];
    readonly toldAtMs: number;
  };
};

/** Published by headquarters: the quota was lowered under what is sold, and the park is asked for places that it has not sold. */
export type ReturnAsked = {
  readonly type: 'ReturnAsked';
  readonly data: Carried & {
    readonly requestId: string;
    readonly ofNode: string;
    /** What headquarters had back of the node on this day when it found `places` lacking; absent in questions of an earlier version. */
    readonly takenPlaces?: number;
    readonly askedAtMs: number;
  };
};

/** Published by a park: its share of a day runs low. */
export type CapacityAsked = {
  readonly type: 'CapacityAsked';
  readonly data: Carried & {
    readonly askId: string;
    readonly nodeId: string;
    readonly incarnation: string;
    readonly askedAtMs: number;
  };
};

/** Published by a park: it has given places back, and sells them no more. */
export type CapacityReturned = {
  readonly type: 'CapacityReturned';
  readonly data: Carried & {
    readonly returnId: string;
    readonly nodeId: string;
    readonly why: 'surplus' | 'asked' | 'day_over';
    /** Which request it answers, or which of the day's hours it is for. */
    readonly reason: string | null;
    readonly returnedAtMs: number;
  };
};
