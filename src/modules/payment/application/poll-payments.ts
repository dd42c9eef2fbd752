import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaymentProvider, StatusOutcome } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';
import { isWaitingForAction, type AskProvider } from './ask-provider.ts';
import { askInChunks } from './ask-in-chunks.ts';
import type { Payments, UnsettledPayment } from './ports.ts';
import type { LearnedOutcome, RecordOutcome } from './record-outcome.ts';

/**
 * Asks providers about payments whose outcome nobody has told yet; answers how many it asked about. Ends early when
 * `stopping` is aborted.
 */
export type PollPayments = (limit: number, stopping?: AbortSignal) => Promise<number>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly askProvider: AskProvider;
  readonly payments: Payments;
  readonly providers: ReadonlyMap<PaymentMethod, PaymentProvider>;
  readonly recordOutcome: RecordOutcome;
  readonly clock: Clock;
  /** Told when one payment could not be asked about; the others are. */
  readonly onError: (error: unknown) => void;
};

/** A payment younger than this is left to its webhook. */
const PATIENCE_MS = 5000;
/** How long after its end an unpaid payment is still asked about before it counts as expired. */
const GRACE_MS = 60_000;

/** How long to wait between two questions about a payment of this age: often at first, then ever less. */
const pauseAt = (ageMs: number): number => (ageMs < 60_000 ? 5000 : ageMs < 600_000 ? 30_000 : 300_000);

/**
 * Each round looks at the next page of the open payments and starts over after the last one, so that none is out of sight,
 * however many there are.
 */
export function createPollPayments(dependencies: Dependencies): PollPayments {
  const { runner, payments, providers, askProvider, recordOutcome, clock, onError } = dependencies;
  // When this process last asked about a payment; forgotten once all pages were turned without seeing it open.
  const askedAtMs = new Map<string, number>();
  const seen = new Set<string>();
  const methods = [...providers].filter(([, { capabilities }]) => !capabilities.statusQuery);
  const unasked = methods.map(([method]) => method);
  let last: UnsettledPayment | null = null;

  async function nextPage(limit: number): Promise<readonly UnsettledPayment[]> {
    const page = await payments.unsettled(last, limit, unasked);
    for (const { paymentId } of page) seen.add(paymentId);
    last = page.length < limit ? null : (page.at(-1) ?? null);
    if (last !== null) return page;
    for (const paymentId of askedAtMs.keys()) if (!seen.has(paymentId)) askedAtMs.delete(paymentId);
    seen.clear();
    return page;
  }

  const isDue = ({ paymentId, createdAtMs }: UnsettledPayment, nowMs: number): boolean => {
    const ageMs = nowMs - createdAtMs;
    return ageMs >= PATIENCE_MS && nowMs - (askedAtMs.get(paymentId) ?? 0) >= pauseAt(ageMs);
  };

  async function poll(unsettled: UnsettledPayment, nowMs: number): Promise<void> {
    const { paymentId, method, providerKey, externalId, expiresAtMs } = unsettled;
    const provider = providers.get(method);
    if (provider === undefined) return;
    askedAtMs.set(paymentId, nowMs);
    const meta: CommandMeta = { actor: 'flow:poll-payments', correlationId: paymentId };
    const isOver = nowMs >= expiresAtMs + GRACE_MS;
    if (!provider.capabilities.statusQuery) {
      if (isOver) return endUnasked(paymentId, meta);
    } else {
      const status = await provider.status({ providerKey, externalId });
      const learned = toOutcome(status, isOver);
      if (learned !== null) return recordOutcome(paymentId, learned, 'status', meta);
      if (status.kind === 'unknown') return;
    }
    // The answer to the first call was lost, and with it what the payer has to do: it is asked for again.
    if (unsettled.status !== 'unknown' || nowMs >= expiresAtMs) return;
    const { state } = await runner.stateOf(payment, paymentId);
    if (isWaitingForAction(state)) await askProvider({ state, provider, isFirst: false }, meta);
  }

  /** Where nobody can be asked, what nobody had anything to pay by is over, and of the rest only the statement can tell. */
  async function endUnasked(paymentId: string, meta: CommandMeta): Promise<void> {
    const { state } = await runner.stateOf(payment, paymentId);
    if (isWaitingForAction(state)) return recordOutcome(paymentId, { kind: 'expired' }, 'status', meta);
    await runner.run(payment, paymentId, { type: 'leave_to_statement', nowMs: clock.now() }, meta);
  }

  return async (limit, stopping) => {
    const nowMs = clock.now();
    const due = (await nextPage(limit)).filter((unsettled) => isDue(unsettled, nowMs));
    return askInChunks(due, (unsettled) => poll(unsettled, nowMs).catch(onError), stopping);
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
