import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { CreateOutcome, PaymentProvider } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentState } from '../domain/payment-state.ts';
import { settlePayment } from './settle-payment.ts';

/**
 * Asks the provider for what the payer has to do, and writes down what it said; null when it may be asked again.
 * `isFirst`: nobody can have asked for this payment before, so that a refusal proves that the provider has no order.
 */
export type AskProvider = (
  asked: { readonly state: PaymentState; readonly provider: PaymentProvider; readonly isFirst: boolean },
  meta: CommandMeta,
) => Promise<PaymentState | null>;

type Dependencies = { readonly runner: CommandRunner; readonly clock: Clock };

/** However often a payment is asked for, it is the very same call under the same key, so the provider acts once. */
export function createAskProvider({ runner, clock }: Dependencies): AskProvider {
  function record(paymentId: string, outcome: CreateOutcome, isFirst: boolean, meta: CommandMeta) {
    const nowMs = clock.now();
    if (outcome.kind === 'requires_action') {
      const { externalId, action } = outcome;
      return runner.run(payment, paymentId, { type: 'record_action', externalId, action, nowMs }, meta);
    }
    if (outcome.kind === 'failed' && isFirst) {
      return settlePayment(runner, paymentId, { type: 'fail', reason: outcome.reason, nowMs }, meta);
    }
    return runner.run(payment, paymentId, { type: 'mark_unknown', nowMs }, meta);
  }

  return async ({ state: { intent }, provider, isFirst }, meta) => {
    assert(intent, 'a payment is intended before its provider is called');
    const { paymentId, ticketId, providerKey, amountTyiyn, returnUrl, expiresAtMs } = intent;
    const description = `Sky Park ticket ${ticketId}`;
    const request = { paymentId, providerKey, amountTyiyn, description, returnUrl, expiresAtMs };
    const outcome = await provider.create(request);
    if (outcome.kind === 'failed' && outcome.retryable) return null;
    const done = await record(paymentId, outcome, isFirst, meta);
    return done.ok ? done.value.state : (await runner.stateOf(payment, paymentId)).state;
  };
}

/** The payer cannot pay yet: the provider was not asked, or its answer was lost. */
export const isWaitingForAction = ({ status, action }: PaymentState): boolean =>
  action === null && (status === 'pending' || status === 'unknown');
