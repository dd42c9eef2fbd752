import type { CommandMeta } from '../../../kernel/command-runner.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { Result } from '../../../kernel/result.ts';
import type { PaymentAction } from '../contract.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';

export type PayableRefusal =
  | { readonly code: 'ticket_not_found' }
  | { readonly code: 'ticket_not_payable'; readonly status: string }
  | { readonly code: 'hold_expired' };

/** Port: what a ticket costs, and keeping its hold for a payment that begins. */
export type KeepTicket = (
  request: { readonly ticketId: string; readonly userId: string; readonly paymentId: string },
  meta: CommandMeta,
) => Promise<Result<{ readonly amountTyiyn: Tyiyn; readonly expiresAtMs: number }, PayableRefusal>>;

export type PaymentStatus = 'pending' | 'succeeded' | 'failed' | 'unknown' | 'refunded' | 'partially_refunded';

/** A payment as its owner and staff see it. */
export type PaymentView = {
  readonly paymentId: string;
  readonly ticketId: string;
  readonly userId: string;
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
  /** By our key at the provider. */
  idByProviderKey(providerKey: string): Promise<string | null>;
  /** A payment of the ticket that is not settled and not over, if any. */
  openOfTicket(ticketId: string, method: PaymentMethod, nowMs: number): Promise<PaymentView | null>;
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
