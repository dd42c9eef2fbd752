import type { Result } from '../../kernel/result.ts';

/** What a payer has to do. */
export type PaymentAction = {
  readonly type: 'qr' | 'redirect';
  /** What a QR image must hold: the ELQR link for `qr`, the page's address for `redirect`. */
  readonly payload: string;
  /** The provider's page for the payer. */
  readonly url: string;
  readonly expiresAtMs: number;
};

/** What a provider can do; whatever it cannot becomes work for a person, it is never pretended. */
export type ProviderCapabilities = {
  /** Whether it can be asked how a payment stands; where not, its webhook tells, or in the end its statement. */
  readonly statusQuery: boolean;
  readonly refund: 'none' | 'full' | 'partial';
  /** Whether an unpaid order can be withdrawn at the provider. */
  readonly cancelUnpaid: boolean;
  readonly signedWebhook: boolean;
};

export type CreateRequest = {
  readonly paymentId: string;
  /** UUID: our idempotency key at the provider, stored with the intent before the call. */
  readonly providerKey: string;
  readonly amountTyiyn: bigint;
  /** Shown to the payer, at most 120 characters. */
  readonly description: string;
  /** Absolute address that the payer's browser returns to. It proves nothing. */
  readonly returnUrl: string;
  readonly expiresAtMs: number;
};

/**
 * `failed` means that this very call has created nothing; after an earlier call with the same key only `status` can tell.
 * `unknown` means that the provider may have acted: ask `status`, never create under a new key. None of them says "paid".
 */
export type CreateOutcome =
  | { readonly kind: 'requires_action'; readonly action: PaymentAction; readonly externalId: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryable: boolean }
  | { readonly kind: 'unknown' };

export type StatusRequest = { readonly providerKey: string; readonly externalId: string | null };

/**
 * `not_found`: the provider has no such payment. Shortly after a lost create it may still appear, so a caller believes it
 * only once the create call is well over. `unknown`: no usable answer; ask again later.
 */
export type StatusOutcome =
  | {
      readonly kind: 'succeeded';
      readonly amountTyiyn: bigint;
      /** ISO 4217. */
      readonly currency: string;
      readonly paidAtMs: number;
      readonly providerReference: string;
    }
  | { readonly kind: 'pending' | 'failed' | 'expired' | 'not_found' | 'unknown' };

export type WebhookRequest = {
  /** The body exactly as received. */
  readonly rawBody: Uint8Array;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What the address that was called ends with behind the provider's name, if anything. */
  readonly secret?: string | undefined;
  /** Who called, as seen behind the trusted proxies. */
  readonly clientAddress?: string;
  readonly nowMs: number;
};

/**
 * What a provider told us, after its signature or its secret was verified. Amount and reference are still to be compared with
 * ours.
 */
export type ProviderNotice = {
  /** The provider's id of this event, the same when it is delivered again. */
  readonly eventId: string;
  readonly providerKey: string;
  /** Only a secret speaks for it: money of another amount than was asked for is not believed, and a person looks for it. */
  readonly isUnsigned?: true;
  readonly outcome:
    | {
        readonly kind: 'succeeded';
        readonly amountTyiyn: bigint;
        /** ISO 4217. */
        readonly currency: string;
        readonly paidAtMs: number;
        readonly providerReference: string;
      }
    | { readonly kind: 'failed'; readonly reason: string }
    /** It says nothing of an end. */
    | { readonly kind: 'unsettled' };
};

export type WebhookRefusal = {
  readonly code: 'bad_signature' | 'stale_timestamp' | 'bad_secret' | 'unknown_sender' | 'wrong_account' | 'malformed';
};

export type RefundCall = StatusRequest & {
  /** UUID: the refund's idempotency key at the provider, stored before the call. */
  readonly refundKey: string;
  readonly amountTyiyn: bigint;
};

/**
 * `accepted`: the provider will make it; ask `refundStatus`. `failed` means that no refund exists under this key; a
 * retryable one may be asked for again. `unknown`: the provider may have acted: ask `refundStatus`.
 */
export type RefundOutcome =
  | { readonly kind: 'succeeded'; readonly providerReference: string }
  | { readonly kind: 'accepted' | 'unknown' }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryable: boolean };

/** `not_found` as in `StatusOutcome`. */
export type RefundStatusOutcome =
  | { readonly kind: 'succeeded'; readonly providerReference: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'pending' | 'not_found' | 'unknown' };

/** A payment provider. No method throws for anything the network or the provider does. */
export type PaymentProvider = {
  /** As in the path of its webhook: `elqr`. */
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  /** Whether it would be asked for a new order now; it is not for a while after too many failures, or at its own wish. */
  takesOrders(): boolean;
  /** Called twice with one key it makes one order, or orders of which all but one cost nobody anything. */
  create(request: CreateRequest): Promise<CreateOutcome>;
  /** Never called where `capabilities.statusQuery` is false. */
  status(request: StatusRequest): Promise<StatusOutcome>;
  /** Never called where `capabilities.refund` is `none`; called twice with one key it pays once. */
  refund(request: RefundCall): Promise<RefundOutcome>;
  refundStatus(request: RefundCall): Promise<RefundStatusOutcome>;
  parseWebhook(request: WebhookRequest): Result<ProviderNotice, WebhookRefusal>;
};

/** Published when money arrived for a ticket; told once a payment. */
export type PaymentSucceeded = {
  readonly type: 'PaymentSucceeded';
  readonly data: {
    readonly paymentId: string;
    readonly ticketId: string;
    /** Null for a sale at the desk. */
    readonly userId: string | null;
    readonly amountTyiyn: bigint;
    readonly currency: string;
    readonly providerReference: string;
    readonly source: ConfirmationSource;
    /** The payment had already been given up as failed or expired. */
    readonly late: boolean;
    readonly succeededAtMs: number;
  };
};

/** Published when money came that does not fit. Unless it is `told_differently`, it is money we hold and owe back. */
export type PaymentMismatched = {
  readonly type: 'PaymentMismatched';
  readonly data: {
    readonly paymentId: string;
    readonly ticketId: string;
    /**
     * `amount_differs`: another amount or currency for an unpaid payment; `second_charge`: more money for a paid one;
     * `told_differently`: no further money, the charge that paid it was told once more with another amount.
     */
    readonly why: 'amount_differs' | 'second_charge' | 'told_differently';
    readonly expectedTyiyn: bigint;
    /** In hundredths of `currency`. */
    readonly amountTyiyn: bigint;
    /** ISO 4217. */
    readonly currency: string;
    readonly providerReference: string;
    readonly source: ConfirmationSource;
    readonly noticedAtMs: number;
  };
};

/** How we learned of the payment's outcome; `desk`: our own people took the money; `statement`: a person read it there. */
export type ConfirmationSource = 'webhook' | 'status' | 'desk' | 'statement';

/** Published when money is to go back, before anybody acts on it. */
export type RefundRequested = {
  readonly type: 'RefundRequested';
  readonly data: RefundFacts & {
    /** A code: nothing about people. */
    readonly reason: string;
    /** In the words of whoever wants it; personal. Null when nobody said any. */
    readonly note: string | null;
    /** Under whose key the note is: the guest's, or the ticket's when it has no owner. */
    readonly subjectId: string;
    readonly requestedAtMs: number;
  };
};

/** Published when the money is out; told once a refund. */
export type RefundSucceeded = {
  readonly type: 'RefundSucceeded';
  readonly data: RefundFacts & {
    /** The provider's, or the person's who paid it out. */
    readonly providerReference: string | null;
    readonly succeededAtMs: number;
  };
};

/** Published when a provider could not or would not pay it out: a person has to. */
export type RefundFailed = {
  readonly type: 'RefundFailed';
  readonly data: RefundFacts & { readonly reason: string; readonly failedAtMs: number };
};

type RefundFacts = {
  readonly paymentId: string;
  readonly ticketId: string;
  readonly refundId: string;
  readonly amountTyiyn: bigint;
};
