import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner, StoreRefusal } from '../../../kernel/command-runner.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaymentProvider } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import { lastRefundOf } from '../domain/payment-state.ts';
import type { PaymentMethod, PaymentRefusal } from '../domain/payment-messages.ts';
import type { AdvanceRefund } from './advance-refund.ts';

type RefundRequest = {
  readonly paymentId: string;
  readonly refundId: string;
  /** Null: all that is left to give back. */
  readonly amountTyiyn: Tyiyn | null;
  /** Where less is left than that, what is left. */
  readonly orLess?: boolean;
  /** A code; `note` is what somebody said in their own words. */
  readonly reason: string;
  readonly note?: string;
};

/**
 * Money that must go back, or what staff have left of it: a manager may have given some back before. Told twice, it does
 * nothing.
 */
export type RequestRefund = (
  refund: RefundRequest & { readonly amountTyiyn: Tyiyn },
  meta: CommandMeta,
) => Promise<void>;

/** The newest refund of a payment whose money is all out again; null while some of it is still here. */
export type LastRefundOf = (paymentId: string) => Promise<string | null>;

/** The same as somebody's wish, which may be refused. */
export type AskForRefund = (
  refund: RefundRequest,
  meta: CommandMeta,
) => Promise<Result<null, PaymentRefusal | StoreRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly providers: ReadonlyMap<PaymentMethod, PaymentProvider>;
  readonly advanceRefund: AdvanceRefund;
  readonly clock: Clock;
};

/**
 * Puts a refund on record before anybody acts. Where the provider cannot refund it becomes a task for a person at once;
 * else the job that follows refunds submits it.
 */
export function createAskForRefund({ runner, providers, advanceRefund, clock }: Dependencies): AskForRefund {
  return async ({ paymentId, ...refund }, meta) => {
    const command = { type: 'request_refund', note: null, ...refund, nowMs: clock.now() } as const;
    const requested = await runner.run(payment, paymentId, command, meta);
    if (!requested.ok) return requested;
    const method = requested.value.state.intent?.method;
    const canRefund = method !== undefined && (providers.get(method)?.capabilities.refund ?? 'none') !== 'none';
    const { commandId: _ofTheRequest, ...context } = meta;
    if (!canRefund) await advanceRefund({ paymentId, refundId: refund.refundId }, context);
    return ok(null);
  };
}

/** For money that came in for certain: a refusal is a bug, except that nothing may be left to give back. */
export const createRequestRefund =
  (askForRefund: AskForRefund): RequestRefund =>
  async (refund, meta) => {
    const requested = await askForRefund({ ...refund, orLess: true }, meta);
    const isNothingLeft =
      !requested.ok && requested.refusal.code === 'refund_exceeds_payment' && requested.refusal.refundableTyiyn === 0n;
    assert(
      requested.ok || isNothingLeft,
      `a refund of ${refund.paymentId} was refused as ${requested.ok ? '' : requested.refusal.code}`,
    );
  };

export const createLastRefundOf =
  ({ runner }: Pick<Dependencies, 'runner'>): LastRefundOf =>
  async (paymentId) =>
    lastRefundOf((await runner.stateOf(payment, paymentId)).state);

/** A person paid a refund out that no provider would: `reference` says how to find it in the books. */
export type PayOutRefund = (
  payout: { readonly paymentId: string; readonly refundId: string; readonly reference: string },
  meta: CommandMeta,
) => Promise<Result<null, PaymentRefusal | StoreRefusal>>;

export const createPayOutRefund =
  ({ runner, clock }: Pick<Dependencies, 'runner' | 'clock'>): PayOutRefund =>
  async ({ paymentId, refundId, reference }, meta) => {
    const command = { type: 'pay_out_refund', refundId, reference, nowMs: clock.now() } as const;
    const done = await runner.run(payment, paymentId, command, meta);
    return done.ok ? ok(null) : refuse(done.refusal);
  };
