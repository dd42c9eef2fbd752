import { useSignal } from '@preact/signals';
import { intentOf } from '../../shared/api/intent.ts';
import type { Problem } from '../../shared/api/outcome.ts';
import { usePages, type Pages } from '../../shared/api/use-pages.ts';
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
  /** Told what became of it: `unknown` when no answer came, so that it may have been paid. */
  readonly onOutcome: (outcome: 'decided' | 'unknown') => Promise<unknown>;
  readonly onClose: () => unknown;
};

/** Asked with the sum, since cash that is out of the till does not come back by a button. */
function PayOutDialog({ refund, onOutcome, onClose }: PayOutProps) {
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
    const isUnknown = !paid.ok && (paid.problem.status === 0 || paid.problem.status >= 500);
    // Refused, somebody else may have paid it.
    if (isUnknown) await onOutcome('unknown');
    else if (paid.ok || paid.problem.code === 'refund_not_manual') await onOutcome('decided');
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

type CardProps = {
  readonly refund: WaitingRefund;
  /** It was sent and no answer came. */
  readonly isUnknown: boolean;
  readonly onChoose: (refund: WaitingRefund) => unknown;
};

const Card = ({ refund, isUnknown, onChoose }: CardProps) => (
  <li class="card stack">
    <strong class="big-total">{money(refund.amount)}</strong>
    <span class="muted">
      <Sale of={refund} />
      <br />
      {texts().refunds.since(shownInstant(refund.created_at))}
    </span>
    {isUnknown && <p class="notice warn">{texts().refunds.unknown}</p>}
    <button type="button" onClick={() => void onChoose(refund)}>
      {texts().refunds.payOut(money(refund.amount))}
    </button>
  </li>
);

type ListProps = {
  readonly of: Pages<WaitingRefund>;
  readonly unknown: readonly WaitingRefund[];
  readonly onChoose: (refund: WaitingRefund) => unknown;
};

function List({ of: { page, next, previous }, unknown, onChoose }: ListProps) {
  const words = texts().refunds;
  const isUnknown = ({ id }: WaitingRefund): boolean => unknown.some((one) => one.id === id);
  // One that was paid after all is not on the list any more, and nobody has been told.
  const cards = (items: readonly WaitingRefund[]) => [
    ...unknown.filter(({ id }) => !items.some((item) => item.id === id)),
    ...items,
  ];
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
          {cards(items).length === 0 ? (
            <p class="card empty">{words.none}</p>
          ) : (
            <ul class="plain-list stack">
              {cards(items).map((refund) => (
                <Card key={refund.id} refund={refund} isUnknown={isUnknown(refund)} onChoose={onChoose} />
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
        </div>
      )}
    </Loaded>
  );
}

function Waiting({ gate }: { readonly gate: Gate }) {
  const { parkId } = gate.enrolled;
  const chosen = useSignal<WaitingRefund | null>(null);
  const unknown = useSignal<readonly WaitingRefund[]>([]);
  const isAlone = gate.state.value.mode === 'alone';
  const pages = usePages((cursor) => waitingRefunds(parkId, cursor), [parkId, isAlone]);
  const settle = (refund: WaitingRefund) => (outcome: 'decided' | 'unknown') => {
    const others = unknown.value.filter(({ id }) => id !== refund.id);
    unknown.value = outcome === 'unknown' ? [...others, refund] : others;
    return pages.page.reload();
  };
  // The question outlives whatever becomes of the list: somebody has to be told to hand the money over.
  return (
    <>
      <List of={pages} unknown={unknown.value} onChoose={(refund) => (chosen.value = refund)} />
      {chosen.value !== null && (
        <PayOutDialog
          key={chosen.value.id}
          refund={chosen.value}
          onOutcome={settle(chosen.value)}
          onClose={() => (chosen.value = null)}
        />
      )}
    </>
  );
}

/** What a cashier pays back in cash out of the till. */
export const RefundsPage = ({ gate }: { readonly gate: Gate }) => (
  <AtDesk gate={gate} title={texts().refunds.title}>
    <Waiting gate={gate} />
    <a href="/gate/sell">{texts().refunds.toDesk}</a>
  </AtDesk>
);
