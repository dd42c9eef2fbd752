import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import { only } from '../../../kernel/expected-refusal.ts';
import type { EventStore } from '../../../kernel/event-store.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { PaymentProvider } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import type { OnlineMethod } from '../domain/payment-messages.ts';
import type { PaymentState } from '../domain/payment-state.ts';
import { isWaitingForAction, type AskProvider } from './ask-provider.ts';
import { openPaymentName } from './settle-payment.ts';
import type { KeepTicket, MayPay, PayableRefusal, Payments, PaymentView } from './ports.ts';

export type StartPaymentRefusal =
  | PayableRefusal
  | { readonly code: 'phone_not_verified' }
  | { readonly code: 'payment_in_progress'; readonly paymentId: string }
  | { readonly code: 'provider_unavailable'; readonly otherMethods: readonly OnlineMethod[] };

export type StartPayment = (
  request: {
    readonly ticketId: string;
    /** Null at the desk. */
    readonly userId: string | null;
    readonly method: OnlineMethod;
    readonly returnUrl: string | undefined;
  },
  meta: CommandMeta & { readonly commandId: string },
) => Promise<Result<PaymentView, StartPaymentRefusal>>;

type Dependencies = {
  readonly runner: CommandRunner;
  readonly store: Pick<EventStore, 'ownerOf'>;
  readonly payments: Payments;
  readonly mayPay: MayPay;
  readonly keepTicket: KeepTicket;
  readonly providers: ReadonlyMap<OnlineMethod, PaymentProvider>;
  readonly askProvider: AskProvider;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Where the payer's browser goes when the caller names no place. */
  readonly defaultReturnUrl: string;
};

type Asked = Parameters<StartPayment>[0];

type Begun = {
  readonly state: PaymentState;
  /** This very call wrote the intent, so the provider has not heard of it yet. */
  readonly isFirst: boolean;
};

/**
 * Records the intent, then asks the provider, then records its answer. Whatever breaks in between leaves an intent with its
 * key at the provider, and whoever asks next to pay this ticket goes on from there with the same payment and the same key,
 * so nothing is charged twice.
 */
export function createStartPayment(dependencies: Dependencies): StartPayment {
  const { runner, store, payments, mayPay, keepTicket, providers, askProvider, ids, clock, defaultReturnUrl } =
    dependencies;

  function unavailable(method: OnlineMethod): Result<never, StartPaymentRefusal> {
    const others = [...providers].filter(([other, provider]) => other !== method && provider.takesOrders());
    const otherMethods = others.map(([other]) => other);
    return refuse({ code: 'provider_unavailable', otherMethods });
  }

  async function resume(paymentId: string): Promise<Begun> {
    return { state: (await runner.stateOf(payment, paymentId)).state, isFirst: false };
  }

  async function intend(
    paymentId: string,
    asked: Asked,
    meta: CommandMeta,
  ): Promise<Result<Begun, StartPaymentRefusal>> {
    const { ticketId, userId, method, returnUrl = defaultReturnUrl } = asked;
    const open = await payments.openOfTicket(ticketId, method, clock.now());
    if (open !== null && open.userId === userId) {
      const { action, paymentId: openId } = open;
      return action === null ? ok(await resume(openId)) : refuse({ code: 'payment_in_progress', paymentId: openId });
    }
    const may = userId === null ? ok(null) : await mayPay(userId);
    if (!may.ok) return may;
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
    const name = openPaymentName(asked);
    const done = await runner.run(payment, paymentId, command, meta, { claims: [{ ...name, owner: paymentId }] });
    if (done.ok) return ok({ state: done.value.state, isFirst: done.value.events.length > 0 });
    only(['claimed'], done.refusal);
    const ownerId = await store.ownerOf(name.scope, name.key);
    // Without an owner it was given up since, and may be had now.
    return ownerId === null
      ? intend(paymentId, asked, meta)
      : refuse({ code: 'payment_in_progress', paymentId: ownerId });
  }

  return async (asked, { commandId, ...meta }) => {
    const { ticketId, method } = asked;
    const provider = providers.get(method);
    if (provider === undefined) return unavailable(method);
    // The same key for another ticket or method, after an answer that was not kept, is another payment.
    const paymentId = ids.derive(`payment:${commandId}/${ticketId}/${method}`);
    const known = await resume(paymentId);
    const begun = known.state.intent === null ? await intend(paymentId, asked, meta) : ok(known);
    if (!begun.ok) return begun;
    const { state: before, isFirst } = begun.value;
    const { intent } = before;
    assert(intent, 'a begun payment has its intent');
    const isWaiting = isWaitingForAction(before);
    if (isWaiting && clock.now() >= intent.expiresAtMs) return refuse({ code: 'hold_expired' });
    const state = isWaiting ? await askProvider({ state: before, provider, isFirst }, meta) : before;
    if (state === null || (state.status === 'failed' && state.action === null)) return unavailable(method);
    const view = await payments.find(intent.paymentId);
    assert(view, 'a stored payment is in the read model');
    return ok(view);
  };
}
