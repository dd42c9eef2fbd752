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
  readonly nowMs: number;
};

/** What a provider told us, after its signature was verified. Amount and reference are still to be compared with ours. */
export type ProviderNotice = {
  /** The provider's id of this event, the same when it is delivered again. */
  readonly eventId: string;
  readonly providerKey: string;
  readonly outcome:
    | {
        readonly kind: 'succeeded';
        readonly amountTyiyn: bigint;
        /** ISO 4217. */
        readonly currency: string;
        readonly paidAtMs: number;
        readonly providerReference: string;
      }
    | { readonly kind: 'failed'; readonly reason: string };
};

export type WebhookRefusal = { readonly code: 'bad_signature' | 'stale_timestamp' | 'wrong_account' | 'malformed' };

/** A payment provider. No method throws for anything the network or the provider does. */
export type PaymentProvider = {
  /** As in the path of its webhook: `elqr`. */
  readonly name: string;
  readonly capabilities: ProviderCapabilities;
  create(request: CreateRequest): Promise<CreateOutcome>;
  status(request: StatusRequest): Promise<StatusOutcome>;
  parseWebhook(request: WebhookRequest): Result<ProviderNotice, WebhookRefusal>;
};

/** Published when money arrived for a ticket; told once a payment. */
export type PaymentSucceeded = {
  readonly type: 'PaymentSucceeded';
  readonly data: {
    readonly paymentId: string;
    readonly ticketId: string;
    readonly userId: string;
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

/** How a message about the payment's outcome reached us. */
export type ConfirmationSource = 'webhook' | 'status';
