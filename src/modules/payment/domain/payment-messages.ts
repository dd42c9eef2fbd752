import type { ConfirmationSource, PaymentAction, PaymentMismatched, PaymentSucceeded } from '../contract.ts';

/** How a guest pays. */
export type PaymentMethod = 'elqr' | 'elcard';

/** What the payer has to do, as kept with the payment. */
export type IssuedAction = PaymentAction;

/** Every command carries the moment of its decision in `nowMs`. */
export type PaymentCommand =
  | {
      readonly type: 'intend';
      readonly paymentId: string;
      readonly ticketId: string;
      readonly userId: string;
      readonly amountTyiyn: bigint;
      readonly method: PaymentMethod;
      /** UUID: the idempotency key that the provider will see. */
      readonly providerKey: string;
      /** Where the provider sends the payer back to. Part of the intent, so that a repeated call is the same call. */
      readonly returnUrl: string;
      readonly nowMs: number;
      readonly expiresAtMs: number;
    }
  | {
      readonly type: 'record_action';
      readonly externalId: string;
      readonly action: IssuedAction;
      readonly nowMs: number;
    }
  | {
      readonly type: 'confirm';
      readonly amountTyiyn: bigint;
      readonly currency: string;
      readonly providerReference: string;
      readonly source: ConfirmationSource;
      readonly nowMs: number;
    }
  | { readonly type: 'fail'; readonly reason: string; readonly nowMs: number }
  | { readonly type: 'expire'; readonly nowMs: number }
  | { readonly type: 'mark_unknown'; readonly nowMs: number }
  | {
      readonly type: 'request_refund';
      readonly refundId: string;
      readonly amountTyiyn: bigint;
      readonly reason: string;
      readonly nowMs: number;
    }
  | {
      readonly type: 'confirm_refund';
      readonly refundId: string;
      /** Null when a person paid it out. */
      readonly providerReference: string | null;
      readonly nowMs: number;
    }
  | { readonly type: 'fail_refund'; readonly refundId: string; readonly reason: string; readonly nowMs: number };

type Fact<Type extends string, Data extends object> = {
  readonly type: Type;
  readonly data: Readonly<{ paymentId: string } & Data>;
};

export type PaymentIntended = Fact<
  'PaymentIntended',
  {
    ticketId: string;
    userId: string;
    amountTyiyn: bigint;
    currency: string;
    method: PaymentMethod;
    providerKey: string;
    returnUrl: string;
    intendedAtMs: number;
    expiresAtMs: number;
  }
>;

export type PaymentEvent =
  | PaymentIntended
  | Fact<'PaymentActionIssued', { externalId: string; action: IssuedAction; issuedAtMs: number }>
  | Fact<'PaymentOutcomeUnknown', { unknownSinceMs: number }>
  | PaymentSucceeded
  | PaymentMismatched
  | Fact<'PaymentFailed', { ticketId: string; reason: string; failedAtMs: number }>
  | Fact<'PaymentExpired', { ticketId: string; expiredAtMs: number }>
  | Fact<
      'RefundRequested',
      { ticketId: string; refundId: string; amountTyiyn: bigint; reason: string; requestedAtMs: number }
    >
  | Fact<
      'RefundSucceeded',
      {
        ticketId: string;
        refundId: string;
        amountTyiyn: bigint;
        providerReference: string | null;
        succeededAtMs: number;
      }
    >
  | Fact<
      'RefundFailed',
      { ticketId: string; refundId: string; amountTyiyn: bigint; reason: string; failedAtMs: number }
    >;

export type PaymentRefusal =
  | {
      readonly code:
        | 'payment_not_found'
        | 'payment_id_reused'
        | 'amount_not_positive'
        | 'action_differs'
        | 'payment_not_succeeded'
        | 'refund_not_found'
        | 'refund_id_reused';
    }
  | { readonly code: 'refund_exceeds_payment'; readonly refundableTyiyn: bigint };
