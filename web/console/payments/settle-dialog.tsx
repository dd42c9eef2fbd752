import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { money } from '../../shared/format/money.ts';
import { Field } from '../../shared/ui/form.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { typed } from '../../shared/ui/typed.ts';
import { amountOf } from '../../shared/format/amount.ts';
import { given } from '../api/given.ts';
import { texts } from '../texts/texts.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import type { Payment } from './payment.ts';

type Props = { readonly payment: Payment; readonly onDone: () => Promise<unknown>; readonly onClose: () => unknown };

/** Ends a payment of which nobody but the provider's statement can tell whether it came. */
export function SettleDialog({ payment: { id, amount }, onDone, onClose }: Props) {
  const { payments: words } = texts();
  const send = intentOf('settlePaymentByStatement');
  return (
    <ConfirmDialog
      title={words.settleTitle}
      submit={words.settle}
      onClose={onClose}
      onConfirm={async (_reason, fields) => {
        const body = given({ amount: amountOf(typed(fields, 'amount')), reference: typed(fields, 'reference') });
        const answer = await send(JSON.stringify([id, body]), (header) =>
          outcomeOf(api.POST('/api/v1/payments/{id}/statement', { params: { path: { id }, header }, body })),
        );
        if (!answer.ok) return answer.problem;
        say(words.settled);
        await onDone();
        return null;
      }}
    >
      <p>{words.settleLead(money(amount))}</p>
      <Field label={words.amount} name="amount" inputMode="decimal" maxLength={20} />
      <Field label={words.reference} name="reference" maxLength={100} />
    </ConfirmDialog>
  );
}
