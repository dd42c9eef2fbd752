import { useLocation, useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { api } from '../../shared/api/client.ts';
import { outcomeOf } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { money } from '../../shared/format/money.ts';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { SignedIn } from '../account/signed-in.tsx';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { PayAction } from './pay-action.tsx';
import type { Payment } from './pay-ticket.tsx';
import { usePoll } from './poll.ts';

function State({ payment, onOver }: { readonly payment: Payment; readonly onOver: () => unknown }) {
  const words = texts().pay;
  if (payment.status === 'pending' && payment.action !== null) {
    return <PayAction action={payment.action} onOver={onOver} />;
  }
  if (payment.status === 'failed') {
    return (
      <div class="notice bad" role="alert">
        <div class="words">
          <p>
            <strong>{words.failedTitle}</strong>
          </p>
          <p>{words.failed}</p>
          <a class="action" href={`/tickets/${payment.ticket_id}`}>
            {words.tryAgain}
          </a>
        </div>
      </div>
    );
  }
  if (payment.status === 'succeeded') {
    return (
      <p class="notice good" role="status">
        {words.succeeded}
      </p>
    );
  }
  return (
    <div class="notice warn" role="status">
      <div class="words">
        <p>
          <strong>{words.unknownTitle}</strong>
        </p>
        <p>{words.unknown}</p>
      </div>
    </div>
  );
}

function PaymentOf({ id }: { readonly id: string }) {
  const { route } = useLocation();
  const payment = useLoad(() => outcomeOf(api.GET('/api/v1/payments/{id}', { params: { path: { id } } })), [id]);
  const status = payment.value?.status;
  const ticketId = payment.value?.ticket_id;
  usePoll(payment.reload, status === undefined || status === 'pending' || status === 'unknown');
  useEffect(() => {
    if (status === 'succeeded' && ticketId !== undefined) route(`/tickets/${ticketId}`, true);
  }, [status]);
  const back =
    ticketId === undefined
      ? { href: '/tickets', label: texts().nav.tickets }
      : { href: `/tickets/${ticketId}`, label: texts().pay.toTicket };
  return (
    <Page
      title={payment.value === null ? texts().pay.page : texts().pay.title(money(payment.value.amount))}
      back={back}
      narrow
    >
      <Loaded of={payment} skeletons={2}>
        {(found) => (
          <div class="stack">
            <State payment={found} onOver={payment.reload} />
            {(found.status === 'pending' || found.status === 'unknown') && <p class="muted">{texts().pay.mayClose}</p>}
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** Waits for the money. The address names the payment, so the page can be closed and opened again. */
export function PayPage() {
  const { params } = useRoute();
  const id = params['id'] ?? '';
  return <SignedIn key={id}>{() => <PaymentOf id={id} />}</SignedIn>;
}
