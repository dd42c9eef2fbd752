import { assert } from '../../../kernel/assert.ts';
import type { DomainEvent } from '../../../kernel/decider.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { LocalDate } from '../../../kernel/time.ts';
import type { TicketStatus, WhyCancelled } from '../contract.ts';
import type { PriceLine } from '../domain/pricing.ts';
import { ticket } from '../domain/ticket.ts';
import type { TicketChild, TicketEvent, TicketState, TicketType } from '../domain/ticket-messages.ts';

export type { PriceLine };

/** A ticket as its owner sees it. */
export type TicketView = {
  readonly ticketId: string;
  /** Null for a ticket sold at the desk. */
  readonly userId: string | null;
  readonly parkId: string;
  readonly ticketType: TicketType;
  readonly visitDate: string;
  readonly qrCode: string;
  readonly status: TicketStatus;
  readonly priceTyiyn: Tyiyn;
  readonly priceLines: readonly PriceLine[];
  /** Money received for it and not given back by a move; 0 while unpaid. */
  readonly paidTyiyn: Tyiyn;
  readonly promoCode: string | null;
  readonly pointsSpent: number;
  /** The pass that it is a visit of. */
  readonly passId: string | null;
  readonly children: readonly TicketChild[];
  readonly adults: number;
  readonly places: number;
  /** People of the party who may still enter. */
  readonly remaining: number;
  readonly createdAtMs: number;
  readonly usedAtMs: number | null;
  readonly expiresAtMs: number;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  /** Null unless paid and with places left. */
  readonly admissionCode: string | null;
  /** The day it was moved from; null when it never was. */
  readonly movedFrom: LocalDate | null;
  /** A move to a dearer day that waits for its difference. */
  readonly pendingMove: PendingMoveView | null;
  /** The day that it was moved from, as long as it waits for the gates of that day. */
  readonly leaving: LeavingView | null;
  readonly cancelled: Cancellation | null;
  /** The newest refund of its money. */
  readonly refund: TicketRefund | null;
};

export type PendingMoveView = {
  readonly visitDate: LocalDate;
  readonly priceTyiyn: Tyiyn;
  readonly dueTyiyn: Tyiyn;
  /** Until when the places of the new day are held. */
  readonly expiresAtMs: number;
};

export type LeavingView = {
  readonly visitDate: LocalDate;
  /** What goes back once they say that nobody came in. */
  readonly refundTyiyn: Tyiyn;
};

export type Cancellation = {
  readonly why: WhyCancelled;
  /** Null when none was given, or once the guest was erased. */
  readonly reason: string | null;
  readonly cancelledAtMs: number;
};

/** `requested` is also a cancellation that waits for the gates, `denied_used` one that they denied. */
export type RefundStatus = 'requested' | 'submitted' | 'succeeded' | 'denied_used' | 'manual';

export type TicketRefund = { readonly status: RefundStatus; readonly amountTyiyn: Tyiyn };

/** A ticket straight after it was made. */
export type NewTicket = TicketView & { readonly status: 'active' | 'pending_payment' };

type MakingEvent = Extract<TicketEvent, { readonly type: 'TicketHeld' | 'TicketActivated' }>;

const isMaking = (event: DomainEvent): event is MakingEvent =>
  event.type === 'TicketHeld' || event.type === 'TicketActivated';

/**
 * The view of a ticket straight after the append that made it, without asking the read model. What else was stored in it,
 * money, cash or points, is no part of the ticket.
 */
export function ticketFromEvents(events: readonly DomainEvent[]): NewTicket {
  const own = events.filter(isMaking);
  const state = own.reduce<TicketState>(ticket.evolve, ticket.initial);
  assert(state.terms !== null, 'a new ticket begins with its hold');
  const activated = own.find((event) => event.type === 'TicketActivated');
  const { terms } = state;
  // Member by member: a copy of the terms with members added costs ten times as much.
  return {
    ticketId: terms.ticketId,
    userId: terms.userId,
    parkId: terms.parkId,
    ticketType: terms.ticketType,
    visitDate: terms.visitDate,
    qrCode: terms.qrCode,
    status: state.status === 'active' ? 'active' : 'pending_payment',
    priceTyiyn: terms.priceTyiyn,
    priceLines: terms.priceLines,
    paidTyiyn: activated?.data.paidTyiyn ?? 0n,
    promoCode: terms.promo?.code ?? null,
    pointsSpent: terms.pointsSpent,
    passId: terms.passId,
    children: terms.children,
    adults: terms.adults,
    places: terms.places,
    remaining: terms.places,
    createdAtMs: terms.createdAtMs,
    usedAtMs: null,
    expiresAtMs: terms.expiresAtMs,
    validFromMs: terms.validFromMs,
    validUntilMs: terms.validUntilMs,
    admissionCode: activated?.data.admissionCode ?? null,
    movedFrom: null,
    pendingMove: null,
    leaving: null,
    cancelled: null,
    refund: null,
  };
}

/** Port: tickets from the read model. */
export type Tickets = {
  find(ticketId: string): Promise<TicketView | null>;
  findByQrCode(qrCode: string): Promise<TicketView | null>;
  /** Tickets of a guest, newest first. @param before only tickets with a smaller id */
  ofUser(userId: string, filter: TicketFilter): Promise<readonly TicketView[]>;
};

export type TicketFilter = {
  readonly status: TicketStatus | undefined;
  readonly parkId: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
};

/** Port: the ticket that a command made when it was told first; null when it made none. */
export type TicketOfCommand = (commandId: string) => Promise<TicketView | null>;
