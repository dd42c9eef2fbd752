import { useSignal } from '@preact/signals';
import { intentOf } from '../../shared/api/intent.ts';
import type { Problem } from '../../shared/api/outcome.ts';
import { usePages } from '../../shared/api/use-pages.ts';
import { shownInstant } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { common } from '../../shared/i18n/common.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Form } from '../../shared/ui/form.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { useClosing } from '../../shared/ui/use-closing.ts';
import { AtDesk } from '../desk/at-desk.tsx';
import { payOut, waitingRefunds, type WaitingRefund } from '../desk/refunds.ts';
import type { Gate } from '../device/gate.ts';
import { texts } from '../texts/texts.ts';

/** What tells one sale from another. */
const Sale = ({ of: { sold_at: at, sold_for: price, ticket_id: ticket } }: { readonly of: WaitingRefund }) => (
  <>
    {texts().refunds.sold(shownInstant(at), money(price))}
    <br />
    {texts().refunds.ticket} <code>{ticket.slice(-8)}</code>
  </>
);

type PayOutProps = {
  readonly refund: WaitingRefund;
  readonly onChanged: () => Promise<unknown>;
  readonly onClose: () => unknown;
};

/** Asked with the sum, since cash that is out of the till does not come back by a button. */
function PayOutDialog({ refund, onChanged, onClose }: PayOutProps) {
  const close = useClosing(onClose);
  const once = intentOf('payOutInCash');
  const isPaid = useSignal(false);
  const words = texts().refunds;
  const pay = async (): Promise<Problem | null> => {
    const paid = await once(refund.id, (header) => payOut(header, refund));
    if (paid.ok) {
      isPaid.value = true;
      // Where the question was closed meanwhile, nothing else tells of it.
      say(words.paid(money(paid.value.amount)));
    }
    // Refused, somebody else may have paid it.
    if (paid.ok || paid.problem.code === 'refund_not_manual') await onChanged();
    return paid.ok ? null : paid.problem;
  };
  return (
    <Dialog title={isPaid.value ? words.handOver : words.ask} onClose={close}>
      <p class="muted">
        <Sale of={refund} />
      </p>
      <p class="big-total">{money(refund.amount)}</p>
      {isPaid.value ? (
        <button type="button" onClick={close}>
          {words.handedOver}
        </button>
      ) : (
        <Form submit={words.payOut(money(refund.amount))} onSubmit={pay}>
          <p>{words.lead}</p>
        </Form>
      )}
    </Dialog>
  );
}

function Waiting({ gate }: { readonly gate: Gate }) {
  const { parkId } = gate.enrolled;
  const chosen = useSignal<WaitingRefund | null>(null);
  const words = texts().refunds;
  const isAlone = gate.state.value.mode === 'alone';
  const { page, next, previous } = usePages((cursor) => waitingRefunds(parkId, cursor), [parkId, isAlone]);
  if (page.problem?.code === 'offline') {
    return (
      <div class="notice warn" role="alert">
        <div class="words">
          <p>{words.needsNode}</p>
          <BusyButton class="secondary" onPress={page.reload}>
            {common().retry}
          </BusyButton>
        </div>
      </div>
    );
  }
  return (
    <Loaded of={page} skeletons={2}>
      {({ items }) => (
        <div class="stack" aria-busy={page.isLoading}>
          {items.length === 0 ? (
            <p class="card empty">{words.none}</p>
          ) : (
            <ul class="plain-list stack">
              {items.map((refund) => (
                <li key={refund.id} class="card stack">
                  <strong class="big-total">{money(refund.amount)}</strong>
                  <span class="muted">
                    <Sale of={refund} />
                    <br />
                    {words.since(shownInstant(refund.created_at))}
                  </span>
                  <button type="button" onClick={() => (chosen.value = refund)}>
                    {words.payOut(money(refund.amount))}
                  </button>
                </li>
              ))}
            </ul>
          )}
          {(previous !== null || next !== null) && (
            <div class="row spread">
              <button type="button" class="secondary" disabled={previous === null} onClick={() => previous?.()}>
                {words.newer}
              </button>
              <button type="button" class="secondary" disabled={next === null} onClick={() => next?.()}>
                {words.older}
              </button>
            </div>
          )}
          {chosen.value !== null && (
            <PayOutDialog
              key={chosen.value.id}
              refund={chosen.value}
              onChanged={page.reload}
              onClose={() => (chosen.value = null)}
            />
          )}
        </div>
      )}
    </Loaded>
  );
}

/** What a cashier pays back in cash out of the till. */
export const RefundsPage = ({ gate }: { readonly gate: Gate }) => (
  <AtDesk gate={gate} title={texts().refunds.title}>
    <Waiting gate={gate} />
    <a href="/gate/sell">{texts().refunds.toDesk}</a>
  </AtDesk>
);
