import type { CommandMeta } from '../../../kernel/command-runner.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaymentProvider } from '../contract.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';
import { askInChunks } from './ask-in-chunks.ts';
import type { Payments, UnpaidPayment } from './ports.ts';
import type { RecordOutcome } from './record-outcome.ts';

/**
 * Asks providers once about every payment that ended unpaid within the last days, `limit` a page; answers how many it
 * asked about. Ends early when `stopping` is aborted.
 */
export type PollUnpaid = (limit: number, stopping?: AbortSignal) => Promise<number>;

type Dependencies = {
  readonly payments: Payments;
  readonly providers: ReadonlyMap<PaymentMethod, PaymentProvider>;
  readonly recordOutcome: RecordOutcome;
  readonly clock: Clock;
  /** Told when one payment could not be asked about; the others are. */
  readonly onError: (error: unknown) => void;
};

/** How long after its end an unpaid payment is still asked about. */
const WATCHED_MS = 72 * 3_600_000;

/**
 * A payer may have paid in the last second, or tried again with the same code after a decline, and the provider's message
 * may be lost: such money is found here, late, and becomes a ticket or goes back like any other.
 */
export function createPollUnpaid(dependencies: Dependencies): PollUnpaid {
  const { payments, providers, recordOutcome, clock, onError } = dependencies;

  async function poll({ paymentId, method, providerKey, externalId }: UnpaidPayment): Promise<void> {
    const provider = providers.get(method);
    if (provider === undefined || !provider.capabilities.statusQuery) return;
    const status = await provider.status({ providerKey, externalId });
    const meta: CommandMeta = { actor: 'flow:poll-payments', correlationId: paymentId };
    if (status.kind === 'succeeded') await recordOutcome(paymentId, status, 'status', meta);
  }

  return async (limit, stopping) => {
    const fromMs = clock.now() - WATCHED_MS;
    let asked = 0;
    let last: UnpaidPayment | null = null;
    do {
      const page: readonly UnpaidPayment[] = await payments.unpaid(fromMs, last, limit);
      asked += await askInChunks(page, (unpaid) => poll(unpaid).catch(onError), stopping);
      last = page.length < limit ? null : (page.at(-1) ?? null);
    } while (last !== null && stopping?.aborted !== true);
    return asked;
  };
}
