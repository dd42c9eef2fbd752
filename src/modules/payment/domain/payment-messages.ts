import type {
  ConfirmationSource,
  PaymentAction,
  PaymentMismatched,
  PaymentSucceeded,
  RefundFailed,
  RefundRequested,
  RefundSucceeded,
} from '../contract.ts';

/** How a guest pays through a provider. */
export type OnlineMethod = 'elqr' | 'elcard';
/** How a guest pays at a desk, where the money is there at once. */
export type DeskMethod = 'cash' | 'elcard_terminal';
export type PaymentMethod = OnlineMethod | DeskMethod;

/** What the payer has to do, as kept with the payment. */
export type IssuedAction = PaymentAction;

/** Every command carries the moment of its decision in `nowMs`. */
export type PaymentCommand =
  | {
      readonly type: 'intend';
      readonly paymentId: string;
      readonly ticketId: string;
      /** Null for a sale at the desk. */
      readonly userId: string | null;
      readonly parkId: string;
      readonly amountTyiyn: bigint;
      readonly method: OnlineMethod;
      /** UUID: the idempotency key that the provider will see. */
      readonly providerKey: string;
      /** Where the provider sends the payer back to. Part of the intent, so that a repeated call is the same call. */
      readonly returnUrl: string;
      readonly nowMs: number;
      readonly expiresAtMs: number;
    }
  | {
      readonly type: 'take_at_desk';
      readonly paymentId: string;
      readonly ticketId: string;
      readonly parkId: string;
      readonly amountTyiyn: bigint;
      readonly method: DeskMethod;
      readonly providerKey: string;
      /** The terminal's slip, or the shift whose till has the cash. */
      readonly reference: string;
      readonly nowMs: number;
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
  /** Nobody is left to ask what became of it: the provider's statement will tell, or its message, however late. */
  | { readonly type: 'leave_to_statement'; readonly nowMs: number }
  | {
      readonly type: 'request_refund';
      readonly refundId: string;
      /** Null: all that is left to give back. */
      readonly amountTyiyn: bigint | null;
      /** Where less is left than that, what is left. */
      readonly orLess?: boolean;
      readonly reason: string;
      /** In the words of whoever wants it; null when nobody said any. */
      readonly note: string | null;
      readonly nowMs: number;
    }
  | { readonly type: 'submit_refund'; readonly refundId: string; readonly refundKey: string; readonly nowMs: number }
  | { readonly type: 'mark_refund_unknown'; readonly refundId: string; readonly nowMs: number }
  | {
      readonly type: 'confirm_refund';
      readonly refundId: string;
      readonly providerReference: string;
      readonly nowMs: number;
    }
  | {
      readonly type: 'pay_out_refund';
      readonly refundId: string;
      /** How to find the payout in the books: a transfer's number, or the shift of a till. */
      readonly reference: string;
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
    userId: string | null;
    /** Null in payments of the first version. */
    parkId: string | null;
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
  | RefundRequested
  | Fact<'RefundSubmitted', { refundId: string; refundKey: string; submittedAtMs: number }>
  | Fact<'RefundOutcomeUnknown', { refundId: string; unknownSinceMs: number }>
  | RefundSucceeded
  | RefundFailed;

export type PaymentRefusal =
  | {
      readonly code:
        | 'payment_not_found'
        | 'payment_id_reused'
        | 'payment_not_in_doubt'
        | 'amount_not_positive'
        | 'action_differs'
        | 'payment_not_succeeded'
        | 'refund_not_found'
        | 'refund_id_reused'
        | 'refund_not_manual';
    }
  | { readonly code: 'refund_exceeds_payment'; readonly refundableTyiyn: bigint };
