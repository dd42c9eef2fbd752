import type { CommandMeta } from '../../../kernel/command-runner.ts';
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
  request: { readonly ticketId: string; readonly userId: string; readonly paymentId: string },
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
  /** By our key at the provider. */
  idByProviderKey(providerKey: string): Promise<string | null>;
  /** A payment of the ticket that is not settled and not over, if any. */
  openOfTicket(ticketId: string, method: OnlineMethod, nowMs: number): Promise<PaymentView | null>;
  /** Payments without an outcome, oldest first. @param after only those that come after this one */
  unsettled(after: UnsettledPayment | null, limit: number): Promise<readonly UnsettledPayment[]>;
  /**
   * Payments that ended without any money and could be paid until `fromMs` or later, in the order of that end.
   * @param after only those that come after this one
   */
  unpaid(fromMs: number, after: UnpaidPayment | null, limit: number): Promise<readonly UnpaidPayment[]>;
};

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

/** Port: messages of providers as they came, kept before they are acknowledged. */
export type WebhookInbox = {
  /** False when this very message was kept before; then whoever kept it applies it, or the job does. */
  keep(message: StoredWebhook): Promise<boolean>;
  /** Messages nobody has applied yet and that may be tried now, first those that wait longest for their turn. */
  unapplied(nowMs: number, limit: number): Promise<readonly KeptWebhook[]>;
  markApplied(message: StoredWebhook, note: string): Promise<void>;
  /** Counts a try that failed; the next one is not before `nextTryAtMs`. */
  postpone(message: StoredWebhook, nextTryAtMs: number): Promise<void>;
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
  readonly outcome:
    | {
        readonly kind: 'succeeded';
        /** Decimal digits, since the inbox keeps JSON. */
        readonly amountTyiyn: string;
        readonly currency: string;
        readonly providerReference: string;
      }
    | { readonly kind: 'failed'; readonly reason: string };
};
