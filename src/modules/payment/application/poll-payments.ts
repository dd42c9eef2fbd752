import type { CommandMeta } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaymentProvider, StatusOutcome } from '../contract.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';
import type { Payments, UnsettledPayment } from './ports.ts';
import type { LearnedOutcome, RecordOutcome } from './record-outcome.ts';

/** Asks providers about payments whose outcome nobody has told yet; answers how many it asked about. */
export type PollPayments = (limit: number) => Promise<number>;

type Dependencies = {
  readonly payments: Payments;
  readonly providers: ReadonlyMap<PaymentMethod, PaymentProvider>;
  readonly recordOutcome: RecordOutcome;
  readonly clock: Clock;
};

/** A payment younger than this is left to its webhook. */
const PATIENCE_MS = 5000;
/** How long after its end an unpaid payment is still asked about before it counts as expired. */
const GRACE_MS = 60_000;

/** How long to wait between two questions about a payment of this age: often at first, then ever less. */
const pauseAt = (ageMs: number): number => (ageMs < 60_000 ? 5000 : ageMs < 600_000 ? 30_000 : 300_000);

export function createPollPayments({ payments, providers, recordOutcome, clock }: Dependencies): PollPayments {
  const askedAtMs = new Map<string, number>();

  const isDue = ({ paymentId, createdAtMs }: UnsettledPayment, nowMs: number): boolean => {
    const ageMs = nowMs - createdAtMs;
    return ageMs >= PATIENCE_MS && nowMs - (askedAtMs.get(paymentId) ?? 0) >= pauseAt(ageMs);
  };

  async function poll(unsettled: UnsettledPayment, nowMs: number): Promise<void> {
    const { paymentId, method, providerKey, externalId, expiresAtMs } = unsettled;
    const provider = providers.get(method);
    if (provider === undefined || !provider.capabilities.statusQuery) return;
    askedAtMs.set(paymentId, nowMs);
    const learned = toOutcome(await provider.status({ providerKey, externalId }), nowMs >= expiresAtMs + GRACE_MS);
    if (learned === null) return;
    const meta: CommandMeta = { actor: 'flow:poll-payments', correlationId: paymentId };
    await recordOutcome(paymentId, learned, 'status', meta);
    askedAtMs.delete(paymentId);
  }

  return async (limit) => {
    const nowMs = clock.now();
    const due = (await payments.unsettled(limit)).filter((unsettled) => isDue(unsettled, nowMs));
    for (const unsettled of due) await poll(unsettled, nowMs);
    return due.length;
  };
}

/** Null: nothing to write down yet. A missing or unpaid payment is over only once it cannot be paid any more. */
function toOutcome(status: StatusOutcome, over: boolean): LearnedOutcome | null {
  switch (status.kind) {
    case 'succeeded':
      return status;
    case 'failed':
      return { kind: 'failed', reason: 'declined' };
    case 'expired':
      return { kind: 'expired' };
    case 'not_found':
    case 'pending':
      return over ? { kind: 'expired' } : null;
    case 'unknown':
      return null;
  }
}
