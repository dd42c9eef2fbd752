import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { Tyiyn } from '../../../kernel/money.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaymentProvider } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';
import type { RecordOutcome } from './record-outcome.ts';
import { moneyName, settlePayment } from './settle-payment.ts';

/** What the statement of a provider says of a payment: the money and its name there, or that there is none. */
export type StatementSays = { readonly amountTyiyn: Tyiyn; readonly reference: string } | null;

export type SettleByStatement = (
  told: { readonly paymentId: string; readonly says: StatementSays },
  meta: CommandMeta,
) => Promise<Result<null, { readonly code: 'payment_not_in_doubt' | 'money_of_another_payment' }>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly providers: ReadonlyMap<PaymentMethod, PaymentProvider>;
  readonly recordOutcome: RecordOutcome;
  readonly clock: Clock;
};

/**
 * A person read the statement of a provider that cannot be asked. Only of payments that are left to it, or that ended
 * unpaid and turn out to be paid; what it says goes the way of every other outcome. Told again it is the same. What it names
 * is the money of one payment.
 */
export const createSettleByStatement =
  ({ runner, providers, recordOutcome, clock }: Dependencies): SettleByStatement =>
  async ({ paymentId, says }, meta) => {
    const { intent, status, captured } = (await runner.stateOf(payment, paymentId)).state;
    const canBeAsked = intent === null || (providers.get(intent.method)?.capabilities.statusQuery ?? true);
    const isTold = says === null ? status === 'expired' : captured?.providerReference === says.reference;
    const isLeft = status === 'unknown' || (says !== null && (status === 'failed' || status === 'expired'));
    if (canBeAsked || !(isTold || isLeft)) return refuse({ code: 'payment_not_in_doubt' });
    if (says === null) {
      await recordOutcome(paymentId, { kind: 'expired' }, 'statement', meta);
      return ok(null);
    }
    const { amountTyiyn, reference: providerReference } = says;
    const money = { amountTyiyn, currency: 'KGS', providerReference, nowMs: clock.now() };
    const named = { ...moneyName(intent.method, providerReference), owner: paymentId };
    const command = { type: 'confirm', ...money, source: 'statement' } as const;
    const done = await settlePayment(runner, paymentId, command, meta, [named]);
    if (done.ok) return ok(null);
    const { code } = only(['claimed', 'payment_not_in_doubt'], done.refusal);
    return refuse({ code: code === 'claimed' ? 'money_of_another_payment' : code });
  };
