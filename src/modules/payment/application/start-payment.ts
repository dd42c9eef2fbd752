import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaymentProvider } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';
import type { PaymentState } from '../domain/payment-state.ts';
import { isWaitingForAction, type AskProvider } from './ask-provider.ts';
import type { KeepTicket, PayableRefusal, Payments, PaymentView } from './ports.ts';

export type StartPaymentRefusal =
  | PayableRefusal
  | { readonly code: 'payment_in_progress'; readonly paymentId: string }
  | { readonly code: 'provider_unavailable'; readonly otherMethods: readonly PaymentMethod[] };

export type StartPayment = (
  request: {
    readonly ticketId: string;
    readonly userId: string;
    readonly method: PaymentMethod;
    readonly returnUrl: string | undefined;
  },
  meta: CommandMeta & { readonly commandId: string },
) => Promise<Result<PaymentView, StartPaymentRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly payments: Payments;
  readonly keepTicket: KeepTicket;
  readonly providers: ReadonlyMap<PaymentMethod, PaymentProvider>;
  readonly askProvider: AskProvider;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Where the payer's browser goes when the caller names no place. */
  readonly defaultReturnUrl: string;
};

type Asked = Parameters<StartPayment>[0];

/**
 * Records the intent, then asks the provider, then records its answer. Whatever breaks in between leaves an intent with its
 * key at the provider, and whoever asks next to pay this ticket goes on from there with the same payment and the same key,
 * so nothing is charged twice.
 */
export function createStartPayment(dependencies: Dependencies): StartPayment {
  const { runner, payments, keepTicket, providers, askProvider, ids, clock, defaultReturnUrl } = dependencies;

  function unavailable(method: PaymentMethod): Result<never, StartPaymentRefusal> {
    const otherMethods = [...providers.keys()].filter((other) => other !== method);
    return refuse({ code: 'provider_unavailable', otherMethods });
  }

  const stateOf = async (paymentId: string): Promise<PaymentState> => (await runner.stateOf(payment, paymentId)).state;

  async function intend(
    paymentId: string,
    { ticketId, userId, method, returnUrl = defaultReturnUrl }: Asked,
    meta: CommandMeta,
  ): Promise<Result<PaymentState, StartPaymentRefusal>> {
    const open = await payments.openOfTicket(ticketId, method, clock.now());
    if (open !== null && open.userId === userId) {
      const { action, paymentId: openId } = open;
      return action === null ? ok(await stateOf(openId)) : refuse({ code: 'payment_in_progress', paymentId: openId });
    }
    const kept = await keepTicket({ ticketId, userId, paymentId }, { ...meta, causationId: paymentId });
    if (!kept.ok) return kept;
    const command = {
      type: 'intend',
      paymentId,
      ticketId,
      userId,
      method,
      returnUrl,
      ...kept.value,
      providerKey: ids.derive(`provider-key:${paymentId}`),
      nowMs: clock.now(),
    } as const;
    const done = await runner.run(payment, paymentId, command, meta);
    assert(done.ok, `a new payment was refused as ${done.ok ? '' : done.refusal.code}`);
    return ok(done.value.state);
  }

  return async (asked, { commandId, ...meta }) => {
    const { ticketId, method } = asked;
    const provider = providers.get(method);
    if (provider === undefined) return unavailable(method);
    // The same key for another ticket or method, after an answer that was not kept, is another payment.
    const paymentId = ids.derive(`payment:${commandId}/${ticketId}/${method}`);
    const known = await stateOf(paymentId);
    const begun = known.intent === null ? await intend(paymentId, asked, meta) : ok(known);
    if (!begun.ok) return begun;
    const { intent } = begun.value;
    assert(intent, 'a begun payment has its intent');
    const isWaiting = isWaitingForAction(begun.value);
    if (isWaiting && clock.now() >= intent.expiresAtMs) return refuse({ code: 'hold_expired' });
    const state = isWaiting ? await askProvider(begun.value, provider, meta) : begun.value;
    if (state === null || (state.status === 'failed' && state.action === null)) return unavailable(method);
    const view = await payments.find(intent.paymentId);
    assert(view, 'a stored payment is in the read model');
    return ok(view);
  };
}
