import { useSignal } from '@preact/signals';
import { CreditCard, QrCode } from 'lucide';
import { useLocation } from 'preact-iso';
import { useEffect } from 'preact/hooks';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { intentOf } from '../../shared/api/intent.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { user } from '../../shared/api/session.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { shownTime } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { VerifyPhone } from '../account/verify-phone.tsx';
import { texts } from '../texts/texts.ts';
import type { Ticket } from '../tickets/tickets.ts';
import { TimeLeft } from './time-left.tsx';

export type Payment = components['schemas']['Payment'];
type Method = 'elqr' | 'elcard';

type Props = { readonly ticket: Ticket; readonly onOver: () => unknown };

/** A payment of this ticket that is still open, begun here, in another tab or before the page was closed. */
const useOpenPayment = (ticketId: string) =>
  useLoad(async () => {
    const params = { path: { id: ticketId }, query: { limit: 100 } };
    const found = await outcomeOf(api.GET('/api/v1/tickets/{id}/payments', { params }));
    if (!found.ok) return found;
    const open = found.value.items.find(({ status }) => status === 'pending' || status === 'unknown');
    return { ok: true as const, value: { open: open ?? null } };
  }, [ticketId]);

type MethodButtonsProps = { readonly pay: (method: Method) => Promise<unknown> };

const MethodButtons = ({ pay }: MethodButtonsProps) => (
  <div class="methods">
    <BusyButton onPress={() => pay('elqr')}>
      <Icon of={QrCode} /> {texts().pay.byElqr}
    </BusyButton>
    <BusyButton class="secondary" onPress={() => pay('elcard')}>
      <Icon of={CreditCard} /> {texts().pay.byElcard}
    </BusyButton>
    <p class="muted">{texts().pay.methodsHint}</p>
  </div>
);

/** How to pay a ticket, until when, and the payment that is under way already. */
export function PayTicket({ ticket, onOver }: Props) {
  const { route, query } = useLocation();
  const payments = useOpenPayment(ticket.id);
  const problem = useSignal<Problem | null>(null);
  const wanted = useSignal<Method>('elqr');
  const once = intentOf('startPayment');
  const open = payments.value?.open ?? null;
  const cameBack = 'back' in query;
  useEffect(() => {
    // Back from the bank's page: what matters now is whether the money came.
    if (cameBack && open !== null) route(`/pay/${open.id}`, true);
  }, [open?.id]);

  const pay = async (method: Method): Promise<void> => {
    wanted.value = method;
    const body = { ticket_id: ticket.id, method, return_url: `${location.origin}/tickets/${ticket.id}?back` };
    const started = await once(`${ticket.id} ${method}`, (header) =>
      outcomeOf(api.POST('/api/v1/payments', { params: { header }, body })),
    );
    problem.value = started.ok ? null : started.problem;
    if (!started.ok) return started.problem.code === 'payment_in_progress' ? payments.reload() : undefined;
    const { id, action } = started.value;
    route(`/pay/${id}`);
    if (action?.type === 'redirect') location.assign(action.url);
  };

  const due = ticket.pending_move?.amount_due ?? ticket.price;
  const until = ticket.pending_move?.expires_at ?? ticket.expires_at;
  return (
    <section class="card stack pay-ticket">
      <h2>{texts().pay.title(money(due))}</h2>
      {ticket.pending_move !== null && <p>{texts().pay.forMove}</p>}
      <p>
        {texts().pay.until(shownTime(until))} <TimeLeft until={until} onOver={onOver} />
      </p>
      {problem.value?.code === 'phone_not_verified' ? (
        <VerifyPhone phone={user.value?.phone ?? ''} onVerified={() => pay(wanted.value)} />
      ) : (
        problem.value !== null && <ProblemNotice problem={problem.value} />
      )}
      {open === null ? (
        <MethodButtons pay={pay} />
      ) : (
        <a class="action" href={`/pay/${open.id}`}>
          {texts().pay.goOn}
        </a>
      )}
    </section>
  );
}
