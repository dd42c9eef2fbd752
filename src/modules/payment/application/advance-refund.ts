import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaymentProvider, RefundCall, RefundOutcome } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';
import type { PaymentState, Refund } from '../domain/payment-state.ts';

/** Takes a refund one step further, whatever step that is; harmless to repeat, from several processes too. */
export type AdvanceRefund = (
  refund: { readonly paymentId: string; readonly refundId: string },
  meta: CommandMeta,
) => Promise<void>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly providers: ReadonlyMap<PaymentMethod, PaymentProvider>;
  readonly ids: Ids;
  readonly clock: Clock;
};

/** How long after a submission a provider that knows nothing of it is believed. */
const CALL_OVER_MS = 60_000;

/**
 * Records the submission, then asks the provider, then records its answer. A refund whose answer is missing is asked about
 * and, if the provider has none, asked for again under the same key.
 */
export function createAdvanceRefund({ runner, providers, ids, clock }: Dependencies): AdvanceRefund {
  return async ({ paymentId, refundId }, meta) => {
    const { state } = await runner.stateOf(payment, paymentId);
    const refund = state.refunds.find((one) => one.refundId === refundId);
    const { intent, externalId } = state;
    assert(refund && intent, `there is no refund ${refundId} of ${paymentId}`);
    const { amountTyiyn, status, submission } = refund;
    const { providerKey } = intent;
    const provider = providers.get(intent.method);
    const nowMs = clock.now();

    const succeed = (providerReference: string) =>
      runner.run(payment, paymentId, { type: 'confirm_refund', refundId, providerReference, nowMs }, meta);
    const leaveToPerson = (reason: string) =>
      runner.run(payment, paymentId, { type: 'fail_refund', refundId, reason, nowMs }, meta);

    async function call(by: PaymentProvider, request: RefundCall): Promise<RefundOutcome> {
      const outcome = await by.refund(request);
      if (outcome.kind === 'succeeded') await succeed(outcome.providerReference);
      else if (outcome.kind === 'unknown') {
        await runner.run(payment, paymentId, { type: 'mark_refund_unknown', refundId, nowMs }, meta);
      }
      return outcome;
    }

    /** What the provider knows of a refund that it was asked for; whether it knows nothing. */
    async function ask(by: PaymentProvider, request: RefundCall): Promise<boolean> {
      const found = await by.refundStatus(request);
      if (found.kind === 'succeeded') await succeed(found.providerReference);
      else if (found.kind === 'failed') await leaveToPerson(found.reason);
      return found.kind === 'not_found';
    }

    if (status === 'requested') {
      const refunder = refunderOf(provider, state, refund);
      if (!refunder.ok) return void (await leaveToPerson(refunder.refusal));
      const refundKey = ids.derive(`refund-key:${refundId}`);
      const command = { type: 'submit_refund', refundId, refundKey, nowMs } as const;
      const submitted = await runner.run(payment, paymentId, command, meta);
      // Without an event somebody else submitted it meanwhile, and calls.
      const isMine = submitted.ok && submitted.value.events.length > 0;
      if (!isMine) return;
      const outcome = await call(refunder.value, { providerKey, externalId, refundKey, amountTyiyn });
      if (isRefusal(outcome)) await leaveToPerson(outcome.reason);
      return;
    }
    const isOpen = status === 'submitted' || status === 'unknown';
    if (!isOpen || submission === null || provider === undefined) return;
    const request = { providerKey, externalId, refundKey: submission.refundKey, amountTyiyn };
    if (!(await ask(provider, request)) || nowMs - submission.submittedAtMs < CALL_OVER_MS) return;
    const outcome = await call(provider, request);
    // Refused a second time it may have been paid out by the first, acted on late: a person must not pay it again.
    if (isRefusal(outcome) && (await ask(provider, request))) await leaveToPerson(outcome.reason);
  };
}

const isRefusal = (outcome: RefundOutcome): outcome is Extract<RefundOutcome, { readonly kind: 'failed' }> =>
  outcome.kind === 'failed' && !outcome.retryable;

/** Who pays a refund out by himself, or why a person has to. */
function refunderOf(
  provider: PaymentProvider | undefined,
  { captured, mismatches }: PaymentState,
  { amountTyiyn }: Refund,
): Result<PaymentProvider, string> {
  if (provider === undefined || provider.capabilities.refund === 'none') {
    return refuse('the provider offers no refunds');
  }
  if (mismatches.some(({ currency }) => currency !== 'KGS')) return refuse('the money came in another currency');
  const isWhole = amountTyiyn === captured?.amountTyiyn;
  if (provider.capabilities.refund === 'full' && !isWhole) return refuse('the provider gives back whole payments only');
  return ok(provider);
}
