import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Claim } from '../../../kernel/event-store.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { ConfirmationSource } from '../contract.ts';
import { settlePayment } from './settle-payment.ts';

/** What somebody learned about a payment: the one door through which webhooks and polls change it. */
export type LearnedOutcome =
  | {
      readonly kind: 'succeeded';
      readonly amountTyiyn: Tyiyn;
      readonly currency: string;
      readonly providerReference: string;
    }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'expired' };

/** @param names of this payment from now on, unless another one has them */
export type RecordOutcome = (
  paymentId: string,
  outcome: LearnedOutcome,
  source: ConfirmationSource,
  meta: CommandMeta,
  names?: readonly Claim[],
) => Promise<void>;

type Dependencies = { readonly runner: CommandRunner; readonly clock: Clock };

export function createRecordOutcome({ runner, clock }: Dependencies): RecordOutcome {
  return async (paymentId, outcome, source, meta, names = []) => {
    const command = toCommand(outcome, source, clock.now());
    const named = await settlePayment(runner, paymentId, command, meta, names);
    const isOfAnother = !named.ok && named.refusal.code === 'claimed';
    // What a provider says counts, whoever was given that money by hand: the books show it twice under one reference.
    const done = isOfAnother ? await settlePayment(runner, paymentId, command, meta) : named;
    assert(done.ok, `an outcome of ${paymentId} was refused as ${done.ok ? '' : done.refusal.code}`);
  };
}

function toCommand(
  outcome: LearnedOutcome,
  source: ConfirmationSource,
  nowMs: number,
): Parameters<typeof settlePayment>[2] {
  switch (outcome.kind) {
    case 'succeeded': {
      const { amountTyiyn, currency, providerReference } = outcome;
      return { type: 'confirm', amountTyiyn, currency, providerReference, source, nowMs };
    }
    case 'failed':
      return { type: 'fail', reason: outcome.reason, nowMs };
    case 'expired':
      return { type: 'expire', nowMs };
  }
}
