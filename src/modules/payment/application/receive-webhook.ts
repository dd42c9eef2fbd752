import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { ok, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaymentProvider, ProviderNotice, WebhookRefusal, WebhookRequest } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import type { KeptWebhook, Payments, StoredWebhook, WebhookInbox, WebhookNotice } from './ports.ts';
import type { RecordOutcome } from './record-outcome.ts';
import { moneyName } from './settle-payment.ts';

export type ReceiveWebhook = (
  provider: PaymentProvider,
  message: Omit<WebhookRequest, 'nowMs'>,
) => Promise<Result<null, WebhookRefusal>>;

/**
 * Applies messages that were kept but not applied, after a crash for example; answers how many it found. Ends early when
 * `stopping` is aborted.
 */
export type ApplyWebhooks = (limit: number, stopping?: AbortSignal) => Promise<number>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly inbox: WebhookInbox;
  readonly payments: Payments;
  readonly recordOutcome: RecordOutcome;
  readonly clock: Clock;
  /** Told when a kept message could not be applied now; it is applied later. */
  readonly onError: (error: unknown) => void;
};

type Money = { readonly amountTyiyn: bigint; readonly currency: string };

/** Tries of a message before it is left alone for a while after each. */
const EAGER_TRIES = 20;
const FIRST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 600_000;

/** How long a message rests after this many tries that failed. */
const pauseAfter = (tries: number): number =>
  tries < EAGER_TRIES ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (tries - EAGER_TRIES), LONGEST_PAUSE_MS);

/** Verify, keep, acknowledge; what it means is applied from what was kept, once, however often it is delivered. */
export function createWebhooks({ runner, inbox, payments, recordOutcome, clock, onError }: Dependencies): {
  readonly receive: ReceiveWebhook;
  readonly applyKept: ApplyWebhooks;
} {
  async function apply(message: StoredWebhook): Promise<void> {
    const { provider, eventId, notice } = message;
    const paymentId = await payments.idByProviderKey(notice.providerKey);
    if (paymentId === null) return inbox.markApplied(message, 'no such payment here');
    const { outcome, isUnsigned = false } = notice;
    if (outcome.kind === 'unsettled') return inbox.markApplied(message, 'says nothing of an end');
    const meta: CommandMeta = { actor: `provider:${provider}`, correlationId: paymentId, causationId: eventId };
    if (outcome.kind === 'failed') {
      await recordOutcome(paymentId, outcome, 'webhook', meta);
      return inbox.markApplied(message, 'applied');
    }
    const money = { ...outcome, amountTyiyn: BigInt(outcome.amountTyiyn) };
    if (isUnsigned && !(await fits(paymentId, money))) {
      await runner.run(payment, paymentId, { type: 'leave_to_statement', nowMs: clock.now() }, meta);
      return inbox.markApplied(message, 'another sum than was asked for: left to the statement');
    }
    // A provider that does not sign cannot be asked: a person who reads its statement must not give this money to another one.
    const names = isUnsigned ? [{ ...moneyName(provider, money.providerReference), owner: paymentId }] : [];
    await recordOutcome(paymentId, money, 'webhook', meta, names);
    await inbox.markApplied(message, 'applied');
  }

  async function fits(paymentId: string, { amountTyiyn, currency }: Money): Promise<boolean> {
    const { intent } = (await runner.stateOf(payment, paymentId)).state;
    return intent?.amountTyiyn === amountTyiyn && intent.currency === currency;
  }

  /** A message that cannot be applied now stays until it can. */
  async function tryToApply(message: KeptWebhook): Promise<void> {
    try {
      await apply(message);
    } catch (error) {
      onError(error);
      await inbox.postpone(message, clock.now() + pauseAfter(message.attempts + 1)).catch(onError);
    }
  }

  return {
    async receive(provider, request) {
      const receivedAtMs = clock.now();
      const { rawBody } = request;
      const parsed = provider.parseWebhook({ ...request, nowMs: receivedAtMs });
      if (!parsed.ok) return parsed;
      const { eventId } = parsed.value;
      const message = { provider: provider.name, eventId, rawBody, receivedAtMs, notice: toNotice(parsed.value) };
      const isNew = await inbox.keep(message);
      // Kept is acknowledged: a failure from here on must not make the provider send it again and again.
      if (isNew) await tryToApply({ ...message, attempts: 0 });
      return ok(null);
    },
    async applyKept(limit, stopping) {
      const kept = await inbox.unapplied(clock.now(), limit);
      for (const message of kept) if (stopping?.aborted !== true) await tryToApply(message);
      return kept.length;
    },
  };
}

function toNotice({ eventId: _inItsOwnColumn, outcome, ...about }: ProviderNotice): WebhookNotice {
  if (outcome.kind !== 'succeeded') return { ...about, outcome };
  const { kind, amountTyiyn, currency, providerReference } = outcome;
  return { ...about, outcome: { kind, amountTyiyn: amountTyiyn.toString(), currency, providerReference } };
}
