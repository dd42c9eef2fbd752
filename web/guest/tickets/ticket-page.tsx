import { MapPin, ReceiptText } from 'lucide';
import { useSignal } from '@preact/signals';
import { useLocation, useRoute } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import { isOnline } from '../../shared/pwa/register.ts';
import { useLoad, type Loading } from '../../shared/api/use-load.ts';
import { shownDate } from '../../shared/format/day.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { SignedIn } from '../account/signed-in.tsx';
import { PriceLines } from '../booking/price-lines.tsx';
import { usePoll } from '../pay/poll.ts';
import { PayTicket } from '../pay/pay-ticket.tsx';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { Admission } from './admission.tsx';
import { CancelTicket } from './cancel-ticket.tsx';
import { MoveTicket } from './move-ticket.tsx';
import { KeptNotice } from './kept-notice.tsx';
import { RefundNotice } from './refund-notice.tsx';
import { StatusBadge } from './status-badge.tsx';
import { keptNow, loadTicket, type Shown, type Ticket } from './tickets.ts';

/** Whether something is on its way that this page ought to show when it comes: money, to us or back. */
const isWaiting = ({ status, refund }: Ticket): boolean =>
  status === 'pending_payment' || ['requested', 'voiding', 'submitted'].includes(refund?.status ?? '');

/** Money came for it, or nothing was to pay. */
const hasReceipt = ({ status, price, paid, refund }: Ticket): boolean =>
  Number(paid) > 0 || refund !== null || (Number(price) === 0 && (status === 'active' || status === 'used'));

const Party = ({ ticket }: Pick<Shown, 'ticket'>) => (
  <ul class="chips">
    {ticket.children_data.map(({ name, age }, index) => (
      <li key={`${index} ${name}`}>
        {name ?? texts().party.child}
        {age !== null && `, ${texts().years(age)}`}
      </li>
    ))}
    {ticket.adults > 0 && <li>{texts().adults(ticket.adults)}</li>}
  </ul>
);

const Facts = ({ shown: { ticket, place } }: { readonly shown: Shown }) => (
  <section class="card stack">
    <div class="row spread">
      <h2>{shownDate(ticket.visit_date)}</h2>
      <StatusBadge ticket={ticket} />
    </div>
    {place !== null && (
      <p>
        <Icon of={MapPin} /> {place.address}
      </p>
    )}
    <Party ticket={ticket} />
    {ticket.moved_from !== null && <p class="muted">{texts().move.from(shownDate(ticket.moved_from))}</p>}
    <PriceLines lines={ticket.price_breakdown} price={ticket.price} />
    <p class="muted">
      {texts().ticket.number} <code>{ticket.qr_code}</code>
    </p>
  </section>
);

function TicketBody({ shown, loading }: { readonly shown: Shown; readonly loading: Loading<Shown> }) {
  const { ticket, isKept } = shown;
  return (
    <div class="stack">
      {ticket.admission_code !== null && <Admission ticket={ticket} code={ticket.admission_code} />}
      {isKept && !loading.isLoading && <KeptNotice savedAt={shown.savedAt} />}
      {!isKept && (ticket.status === 'pending_payment' || ticket.pending_move !== null) && (
        <PayTicket ticket={ticket} onOver={loading.reload} />
      )}
      <RefundNotice ticket={ticket} />
      <Facts shown={shown} />
      {!isKept && hasReceipt(ticket) && (
        <a class="action second" href={`/tickets/${ticket.id}/receipt`}>
          <Icon of={ReceiptText} /> {texts().receipt.title}
        </a>
      )}
      {!isKept && <MoveTicket ticket={ticket} onMoved={loading.reload} />}
      {!isKept && <CancelTicket ticket={ticket} onCancelled={loading.reload} />}
    </div>
  );
}

/** A ticket, first as it is kept here, then as the node has it, and again when the network is back. */
function useTicket(id: string): Loading<Shown> {
  const kept = useSignal<Shown | null>(null);
  const loading = useLoad(() => loadTicket(id), [id]);
  useEffect(() => void keptNow(id).then((found) => (kept.value = found)), [id]);
  const isBack = isOnline.value && loading.value?.isKept === true;
  useEffect(() => {
    if (isBack) void loading.reload();
  }, [isBack]);
  return { ...loading, value: loading.value ?? kept.value };
}

function TicketOf({ id }: { readonly id: string }) {
  const loading = useTicket(id);
  usePoll(loading.reload, loading.value !== null && isWaiting(loading.value.ticket));
  return (
    <Page
      title={loading.value?.place?.name ?? texts().ticket.one}
      back={{ href: '/tickets', label: texts().nav.tickets }}
      narrow
    >
      <Loaded of={loading} skeletons={2}>
        {(shown) => <TicketBody shown={shown} loading={loading} />}
      </Loaded>
    </Page>
  );
}

/** One ticket: its QR code, how to pay it, what is in it, and how to give it back. */
export function TicketPage() {
  const { params } = useRoute();
  const { path } = useLocation();
  return <SignedIn key={path}>{() => <TicketOf id={params['id'] ?? ''} />}</SignedIn>;
}
