import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { CreateOutcome, PaymentProvider } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentCommand } from '../domain/payment-messages.ts';
import type { PaymentState } from '../domain/payment-state.ts';

/** Asks the provider for what the payer has to do, and writes down what it said; null when it may be asked again. */
export type AskProvider = (
  state: PaymentState,
  provider: PaymentProvider,
  meta: CommandMeta,
) => Promise<PaymentState | null>;

type Dependencies = { readonly runner: CommandRunner; readonly clock: Clock };

/** However often a payment is asked for, it is the very same call under the same key, so the provider acts once. */
export function createAskProvider({ runner, clock }: Dependencies): AskProvider {
  return async ({ intent }, provider, meta) => {
    assert(intent, 'a payment is intended before its provider is called');
    const { paymentId, ticketId, providerKey, amountTyiyn, returnUrl, expiresAtMs } = intent;
    const description = `Sky Park ticket ${ticketId}`;
    const request = { paymentId, providerKey, amountTyiyn, description, returnUrl, expiresAtMs };
    const outcome = await provider.create(request);
    if (outcome.kind === 'failed' && outcome.retryable) return null;
    const done = await runner.run(payment, paymentId, toCommand(outcome, clock.now()), meta);
    return done.ok ? done.value.state : (await runner.stateOf(payment, paymentId)).state;
  };
}

/** The payer cannot pay yet: the provider was not asked, or its answer was lost. */
export const isWaitingForAction = ({ status, action }: PaymentState): boolean =>
  action === null && (status === 'pending' || status === 'unknown');

function toCommand(outcome: CreateOutcome, nowMs: number): PaymentCommand {
  switch (outcome.kind) {
    case 'requires_action':
      return { type: 'record_action', externalId: outcome.externalId, action: outcome.action, nowMs };
    case 'failed':
      return { type: 'fail', reason: outcome.reason, nowMs };
    case 'unknown':
      return { type: 'mark_unknown', nowMs };
  }
}
