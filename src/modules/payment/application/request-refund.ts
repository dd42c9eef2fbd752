import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaymentProvider } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';

export type RequestRefund = (
  refund: {
    readonly paymentId: string;
    readonly refundId: string;
    readonly amountTyiyn: Tyiyn;
    readonly reason: string;
  },
  meta: CommandMeta,
) => Promise<void>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly providers: ReadonlyMap<PaymentMethod, PaymentProvider>;
  readonly clock: Clock;
};

/**
 * Money that must go back. Where the provider cannot refund, the refund becomes a task for a person at once; it is on
 * record either way before anybody acts. Told twice, it does nothing.
 */
export function createRequestRefund({ runner, providers, clock }: Dependencies): RequestRefund {
  return async ({ paymentId, refundId, amountTyiyn, reason }, meta) => {
    const command = { type: 'request_refund', refundId, amountTyiyn, reason, nowMs: clock.now() } as const;
    const requested = await runner.run(payment, paymentId, command, meta);
    assert(requested.ok, `a refund of ${paymentId} was refused as ${requested.ok ? '' : requested.refusal.code}`);
    const method = requested.value.state.intent?.method;
    const canRefund = method !== undefined && (providers.get(method)?.capabilities.refund ?? 'none') !== 'none';
    assert(!canRefund, 'no provider that can refund is connected yet');
    const manual = {
      type: 'fail_refund',
      refundId,
      reason: 'the provider offers no refunds',
      nowMs: clock.now(),
    } as const;
    const { commandId: _ofTheRequest, ...context } = meta;
    await runner.run(payment, paymentId, manual, context);
  };
}
