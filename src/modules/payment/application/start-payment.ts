import { assert } from '../../../kernel/assert.ts';
import type { CommandMeta, CommandRunner } from '../../../kernel/command-runner.ts';
import type { Ids } from '../../../kernel/ids.ts';
import { ok, refuse, type Result } from '../../../kernel/result.ts';
import type { Clock } from '../../../kernel/time.ts';
import type { CreateRequest, PaymentProvider } from '../contract.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentMethod } from '../domain/payment-messages.ts';
import type { PaymentState } from '../domain/payment-state.ts';
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
  readonly ids: Ids;
  readonly clock: Clock;
  /** Where the payer's browser goes when the caller names no place. */
  readonly defaultReturnUrl: string;
};

/**
 * Records the intent, then asks the provider, then records its answer. A crash in between leaves an intent with its key,
 * and the repeated request goes on from there with the same payment and the same key, so nothing is charged twice.
 */
export function createStartPayment(dependencies: Dependencies): StartPayment {
  const { runner, payments, keepTicket, providers, ids, clock, defaultReturnUrl } = dependencies;

  function unavailable(method: PaymentMethod): Result<never, StartPaymentRefusal> {
    return refuse({ code: 'provider_unavailable', otherMethods: [...providers.keys()].filter((other) => other !== method) });
  }

  async function intend(
    paymentId: string,
    request: Parameters<StartPayment>[0],
    meta: CommandMeta,
  ): Promise<Result<PaymentState, StartPaymentRefusal>> {
    const { ticketId, userId, method } = request;
    const open = await payments.openOfTicket(ticketId, method, clock.now());
    if (open !== null && open.userId === userId) return refuse({ code: 'payment_in_progress', paymentId: open.paymentId });
    const kept = await keepTicket({ ticketId, userId, paymentId }, { ...meta, causationId: paymentId });
    if (!kept.ok) return kept;
    const { amountTyiyn, expiresAtMs } = kept.value;
    const providerKey = ids.derive(`provider-key:${paymentId}`);
    const command = { type: 'intend', paymentId, ticketId, userId, amountTyiyn, method, providerKey, expiresAtMs } as const;
    const done = await runner.run(payment, paymentId, { ...command, nowMs: clock.now() }, meta);
    assert(done.ok, `a new payment was refused as ${done.ok ? '' : done.refusal.code}`);
    return ok(done.value.state);
  }

  /** Asks the provider and writes down what it said. */
  async function request(state: PaymentState, returnUrl: string, meta: CommandMeta): Promise<PaymentState | null> {
    const { intent } = state;
    assert(intent, 'a payment is intended before its provider is called');
    const provider = providers.get(intent.method);
    if (provider === undefined) return null;
    const asked: CreateRequest = {
      paymentId: intent.paymentId,
      providerKey: intent.providerKey,
      amountTyiyn: intent.amountTyiyn,
      description: `Sky Park ticket ${intent.ticketId}`,
      returnUrl,
      expiresAtMs: intent.expiresAtMs,
    };
    const outcome = await provider.create(asked);
    const nowMs = clock.now();
    const { kind } = outcome;
    const command =
      kind === 'requires_action'
        ? ({ type: 'record_action', externalId: outcome.externalId, action: outcome.action, nowMs } as const)
        : kind === 'failed'
          ? ({ type: 'fail', reason: outcome.reason, nowMs } as const)
          : ({ type: 'mark_unknown', nowMs } as const);
    const done = await runner.run(payment, intent.paymentId, command, meta);
    return done.ok ? done.value.state : null;
  }

  return async (asked, { commandId, ...meta }) => {
    if (!providers.has(asked.method)) return unavailable(asked.method);
    const paymentId = ids.derive(`payment:${commandId}`);
    let { state } = await runner.stateOf(payment, paymentId);
    if (state.intent === null) {
      const intended = await intend(paymentId, asked, meta);
      if (!intended.ok) return intended;
      state = intended.value;
    }
    if (state.action === null && state.status === 'pending') {
      state = (await request(state, asked.returnUrl ?? defaultReturnUrl, meta)) ?? state;
    }
    if (state.status === 'failed' && state.action === null) return unavailable(asked.method);
    const view = await payments.find(paymentId);
    assert(view, 'a stored payment is in the read model');
    return ok(view);
  };
}
