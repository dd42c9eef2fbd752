import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { money } from '../../shared/format/money.ts';
import { Field } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { amountOf } from '../../shared/format/amount.ts';
import { nameOfMethod } from '../format/method.ts';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import type { Payment } from './payment.ts';

type Props = { readonly payment: Payment; readonly onDone: () => Promise<unknown>; readonly onClose: () => unknown };

/** Gives money of a payment back; the ticket and its places stay as they are. */
export function RefundDialog({ payment: { id, amount: paid, method }, onDone, onClose }: Props) {
  const { payments: words } = texts();
  const send = intentOf('requestRefund');
  return (
    <ConfirmDialog
      title={words.refundTitle}
      submit={words.refund}
      asksReason
      mostOfReason={200}
      onClose={onClose}
      onConfirm={async (reason, fields) => {
        const amount = amountOf(typed(fields, 'amount'));
        const body = { reason, ...(amount === null ? {} : { amount }) };
        const answer = await send(JSON.stringify([id, body]), (header) =>
          outcomeOf(api.POST('/api/v1/payments/{id}/refunds', { params: { path: { id }, header }, body })),
        );
        if (!answer.ok) return answer.problem;
        say(words.refundBegun(money(answer.value.amount)));
        await onDone();
        return null;
      }}
    >
      <p>{words.refundLead(money(paid), nameOfMethod(method))}</p>
      <Field label={words.amount} name="amount" inputMode="decimal" maxLength={20} hint={words.amountHint} />
    </ConfirmDialog>
  );
}
