import type { CommandDone, CommandMeta, CommandRunner, StoreRefusal } from '../../../kernel/command-runner.ts';
import { plainName } from '../../../kernel/plain-name.ts';
import type { Result } from '../../../kernel/result.ts';
import { payment } from '../domain/payment.ts';
import type { PaymentCommand, PaymentMethod, PaymentRefusal } from '../domain/payment-messages.ts';
import type { PaymentState } from '../domain/payment-state.ts';
import type { Claim } from '../../../kernel/event-store.ts';

/** The name that at most one open payment of a ticket holds per method: taken with its intent, given up with its outcome. */
export const openPaymentName = ({
  ticketId,
  method,
}: {
  readonly ticketId: string;
  readonly method: PaymentMethod;
}) => ({ scope: 'open-payment', key: `${ticketId}/${method}` });

/** The name that the money of a provider that cannot be asked has: that of one payment only. */
export const moneyName = (method: string, providerReference: string) => ({
  scope: 'money-of-statement',
  key: `${method}/${plainName(providerReference)}`,
});

/**
 * Tells a payment something that may end it, so that its ticket can be paid by another one.
 * @param also a name that has to be had besides
 */
export async function settlePayment(
  runner: CommandRunner,
  paymentId: string,
  command: Extract<PaymentCommand, { readonly type: 'confirm' | 'fail' | 'expire' }>,
  meta: CommandMeta,
  also: readonly Claim[] = [],
): Promise<Result<CommandDone<PaymentState>, PaymentRefusal | StoreRefusal>> {
  const { intent } = (await runner.stateOf(payment, paymentId)).state;
  if (intent === null) return runner.run(payment, paymentId, command, meta);
  const name = openPaymentName(intent);
  // Taken again before it is given up: late money of an ended payment must not give up the name of its successor.
  const claims = [{ ...name, owner: paymentId }, { ...name, owner: null }, ...also];
  const settled = await runner.run(payment, paymentId, command, meta, { claims });
  const isOfAnother = !settled.ok && settled.refusal.code === 'claimed' && settled.refusal.scope === name.scope;
  return isOfAnother ? runner.run(payment, paymentId, command, meta, { claims: also }) : settled;
}
