import { shownInstant } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { nameOfMethod } from '../format/method.ts';
import { texts } from '../texts/texts.ts';
import { LOOK_OF_PAYMENT, isRefundable, type Payment } from './payment.ts';

/** One payment in a line, with a way to give it back. */
export function PaymentLine({ payment, onRefund }: { readonly payment: Payment; readonly onRefund: () => unknown }) {
  const { payments: words } = texts();
  return (
    <div class="row spread">
      <span>
        <strong>{money(payment.amount)}</strong> · {nameOfMethod(payment.method)}{' '}
        <small class="muted">{shownInstant(payment.created_at)}</small>
      </span>
      <span class="row">
        <span class={`badge ${LOOK_OF_PAYMENT[payment.status]}`}>{words.statuses[payment.status]}</span>
        {isRefundable(payment) && (
          <button type="button" class="secondary" onClick={() => void onRefund()}>
            {words.refund}
          </button>
        )}
      </span>
    </div>
  );
}
