import type { Backlog } from '../../../kernel/backlog.ts';
import type { CommandMeta, Step } from '../../../kernel/command-runner.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { Result } from '../../../kernel/result.ts';
import type { PaymentAction } from '../contract.ts';
import type { OnlineMethod, PaymentMethod } from '../domain/payment-messages.ts';
import type { Refund } from '../domain/payment-state.ts';

export type PayableRefusal =
  | { readonly code: 'ticket_not_found' }
  | { readonly code: 'ticket_not_payable'; readonly status: string }
  | { readonly code: 'hold_expired' };

/** Port: what a ticket costs, and keeping its hold for a payment that begins. */
export type KeepTicket = (
  request: { readonly ticketId: string; readonly userId: string | null; readonly paymentId: string },
  meta: CommandMeta,
) => Promise<
  Result<{ readonly parkId: string; readonly amountTyiyn: Tyiyn; readonly expiresAtMs: number }, PayableRefusal>
>;

/** Port: whether an account may pay already. */
export type MayPay = (userId: string) => Promise<Result<null, { readonly code: 'phone_not_verified' }>>;

/** Port: whose a ticket is and for which park; null when there is none. */
export type TicketOwner = (
  ticketId: string,
) => Promise<{ readonly userId: string | null; readonly parkId: string } | null>;

export type DeskVisit = {
  readonly parkId: string;
  readonly children: readonly { readonly name: string | null; readonly age: number }[];
  readonly adults: number;
  /** The payment that is stored with the ticket, which is active then; null when the money is still to come. */
  readonly paymentId: string | null;
};

/** A ticket that was sold at the desk, as it is now. */
export type DeskTicket = {
  readonly ticketId: string;
  readonly parkId: string;
  readonly visitDate: string;
  readonly status: 'pending_payment' | 'active' | 'used' | 'expired' | 'cancelled' | 'refunded';
  readonly qrCode: string;
  readonly priceTyiyn: Tyiyn;
  readonly places: number;
  readonly expiresAtMs: number;
  readonly admissionCode: string | null;
};

export type DeskRefusal =
  | { readonly code: 'park_not_found' | 'park_closed' }
  | { readonly code: 'bad_child'; readonly index: number; readonly message: string }
  | { readonly code: 'park_at_capacity'; readonly remaining: number };

/**
 * Port: sells a ticket for today to somebody without an account, in one append with the steps that `stepsOf` answers for the
 * ticket and its price; none are asked for where nothing is to be paid.
 */
export type SellTicket = <Refusal extends { readonly code: string }>(
  visit: DeskVisit,
  stepsOf: (ticket: { readonly ticketId: string; readonly priceTyiyn: Tyiyn }) => readonly Step<Refusal>[],
  meta: CommandMeta,
) => Promise<Result<DeskTicket, DeskRefusal | Refusal>>;

/**
 * Port: the ticket of a sale at the desk that was told before under the same command id, as it is now; null when there was
 * none. `isCancelled`: it was given up since.
 */
export type FindSale = (
  commandId: string,
) => Promise<{ readonly ticket: DeskTicket; readonly isCancelled: boolean } | null>;

/** Port: a ticket that was sold at the desk, as it is now; null for any other. */
export type FindDeskTicket = (ticketId: string) => Promise<DeskTicket | null>;

/** Port: gives up a ticket that nobody has paid; its places are free at once. */
export type GiveUpTicket = (ticketId: string, meta: CommandMeta) => Promise<void>;

export type PaymentStatus = 'pending' | 'succeeded' | 'failed' | 'unknown' | 'refunded' | 'partially_refunded';

/** A payment as its owner and staff see it. */
export type PaymentView = {
  readonly paymentId: string;
  readonly ticketId: string;
  /** Null for a sale at the desk. */
  readonly userId: string | null;
  /** Null in payments older than this field. */
  readonly parkId: string | null;
  readonly amountTyiyn: Tyiyn;
  readonly method: PaymentMethod;
  readonly status: PaymentStatus;
  readonly externalId: string | null;
  readonly action: PaymentAction | null;
  readonly createdAtMs: number;
};

/** Port: payments from the read model. */
export type Payments = {
  find(paymentId: string): Promise<PaymentView | null>;
  /** All payments of a ticket, oldest first. */
  ofTicket(ticketId: string): Promise<readonly PaymentView[]>;
  /** Of many tickets, however many. */
  ofTickets(ticketIds: readonly string[]): Promise<readonly PaymentView[]>;
  /** Whether there is a payment for any of them. */
  hasAnyOf(ticketIds: readonly string[]): Promise<boolean>;
  /** By our key at the provider. */
  idByProviderKey(providerKey: string): Promise<string | null>;
  /** A payment of the ticket that is not settled and not over, if any. */
  openOfTicket(ticketId: string, method: OnlineMethod, nowMs: number): Promise<PaymentView | null>;
  /**
   * Payments without an outcome, oldest first, but for those that are left to the statements of `unasked` methods.
   * @param after only those that come after this one
   */
  unsettled(
    after: UnsettledPayment | null,
    limit: number,
    unasked: readonly PaymentMethod[],
  ): Promise<readonly UnsettledPayment[]>;
  /**
   * Payments that ended without any money and could be paid until `fromMs` or later, in the order of that end.
   * @param after only those that come after this one
   */
  unpaid(fromMs: number, after: UnpaidPayment | null, limit: number): Promise<readonly UnpaidPayment[]>;
};

/** Port: payments that are all that is asked for, newest first. @param before only those that are older than this one */
export type ListPayments = (
  asked: {
    readonly status: PaymentStatus | undefined;
    readonly parkId: string | undefined;
    readonly method: PaymentMethod | undefined;
    readonly ticketId: string | undefined;
  },
  before: string | null,
  limit: number,
) => Promise<readonly PaymentView[]>;

/** Port: payments whose outcome is unknown, by our keys at the provider or its names of them. Hyphens and case tell none apart. */
export type PaymentsInDoubt = (names: readonly string[]) => Promise<
  readonly {
    readonly paymentId: string;
    readonly method: PaymentMethod;
    readonly parkId: string | null;
    readonly names: readonly string[];
  }[]
>;

export type UnsettledPayment = {
  readonly paymentId: string;
  readonly status: 'pending' | 'unknown';
  readonly providerKey: string;
  readonly externalId: string | null;
  readonly method: PaymentMethod;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
};

export type UnpaidPayment = Pick<
  UnsettledPayment,
  'paymentId' | 'providerKey' | 'externalId' | 'method' | 'expiresAtMs'
>;

export type RefundStatus = Refund['status'];

/** A refund as staff see it. */
export type RefundView = {
  readonly refundId: string;
  readonly paymentId: string;
  readonly ticketId: string;
  readonly parkId: string | null;
  readonly method: PaymentMethod;
  readonly amountTyiyn: Tyiyn;
  /** A code, or in the words of who asked for it. */
  readonly reason: string;
  readonly status: RefundStatus;
  /** Why a person has to pay it out, where one has to. */
  readonly failure: string | null;
  /** The provider's or the person's name of the payout. */
  readonly reference: string | null;
  readonly requestedAtMs: number;
};

export type OpenRefund = {
  readonly refundId: string;
  readonly paymentId: string;
  readonly requestedAtMs: number;
  /** Null while it was not submitted. */
  readonly submittedAtMs: number | null;
};

/** Port: refunds from the read model. */
export type Refunds = {
  find(refundId: string): Promise<RefundView | null>;
  /** Oldest first. */
  ofPayment(paymentId: string): Promise<readonly RefundView[]>;
  /** Of many payments, however many. */
  ofPayments(paymentIds: readonly string[]): Promise<readonly RefundView[]>;
  /** Refunds in some status, newest first. @param before only those that are older than this one */
  list(filter: {
    readonly status: RefundStatus | undefined;
    readonly parkId: string | undefined;
    readonly before: string | undefined;
    readonly limit: number;
  }): Promise<readonly RefundView[]>;
  /** Refunds that a provider is to make or may have made, oldest first. @param after only those that come after this one */
  open(after: OpenRefund | null, limit: number): Promise<readonly OpenRefund[]>;
};

/** A shift as its cashier and staff see it. */
export type ShiftView = {
  readonly shiftId: string;
  readonly parkId: string;
  readonly cashierId: string;
  readonly floatTyiyn: Tyiyn;
  readonly takenTyiyn: Tyiyn;
  readonly paidOutTyiyn: Tyiyn;
  /** Null while it is open, as is `closedAtMs`. */
  readonly countedTyiyn: Tyiyn | null;
  readonly openedAtMs: number;
  readonly closedAtMs: number | null;
};

/** Port: shifts from the read model. */
export type Shifts = {
  find(shiftId: string): Promise<ShiftView | null>;
  /** Shifts of a park, newest first. @param cashierId only those of this person @param before only those older than this one */
  list(filter: {
    readonly parkId: string;
    readonly cashierId: string | undefined;
    readonly before: string | undefined;
    readonly limit: number;
  }): Promise<readonly ShiftView[]>;
};

/** Port: messages of providers as they came, kept before they are acknowledged. */
export type WebhookInbox = {
  /** False when this very message was kept before; then whoever kept it applies it, or the job does. */
  keep(message: StoredWebhook): Promise<boolean>;
  /** Messages nobody has applied yet and that may be tried now, first those that wait longest for their turn. */
  unapplied(nowMs: number, limit: number): Promise<readonly KeptWebhook[]>;
  markApplied(message: StoredWebhook, note: string): Promise<void>;
  /** Counts a try that failed; the next one is not before `nextTryAtMs`. */
  postpone(message: StoredWebhook, nextTryAtMs: number): Promise<void>;
  /** What nobody has applied yet. */
  backlog(): Promise<Backlog>;
  /** Takes out at most `limit` that were applied before then; answers how many it were. */
  forgetApplied(beforeMs: number, limit: number): Promise<number>;
};

/** A message is told from others by its provider, the event's id there and what it says. */
export type StoredWebhook = {
  readonly provider: string;
  /** Not unique: some providers use one id for all that happens to a payment. */
  readonly eventId: string;
  readonly rawBody: Uint8Array;
  readonly receivedAtMs: number;
  readonly notice: WebhookNotice;
};

export type KeptWebhook = StoredWebhook & {
  /** Tries that failed so far. */
  readonly attempts: number;
};

/** What a verified message says, in our terms. */
export type WebhookNotice = {
  readonly providerKey: string;
  /** As in `ProviderNotice`. */
  readonly isUnsigned?: true;
  readonly outcome:
    | {
        readonly kind: 'succeeded';
        /** Decimal digits, since the inbox keeps JSON. */
        readonly amountTyiyn: string;
        readonly currency: string;
        readonly providerReference: string;
      }
    | { readonly kind: 'failed'; readonly reason: string }
    | { readonly kind: 'unsettled' };
};

/** Money as payments, refunds and tills have it, all of it added up. */
export type MoneyFacts = {
  /** All that came by payments, fitting or not. */
  readonly receivedTyiyn: Tyiyn;
  /** Of refunds that were asked for: what is out, and what is still owed. */
  readonly paidBackTyiyn: Tyiyn;
  readonly owedTyiyn: Tyiyn;
  /** Cash that should be in open tills. */
  readonly inTillsTyiyn: Tyiyn;
};
