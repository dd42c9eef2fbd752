import { useSignal } from '@preact/signals';
import { Hourglass } from 'lucide';
import type { Problem } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { shownDate, today } from '../../shared/format/day.ts';
import { money } from '../../shared/format/money.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { SignedIn } from '../account/signed-in.tsx';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { KeptNotice } from './kept-notice.tsx';
import { StatusBadge } from './status-badge.tsx';
import { loadTickets, type Shown, type TicketPage } from './tickets.ts';

const TicketCard = ({ shown: { id, ticket, place } }: { readonly shown: Shown }) => (
  <li class="card ticket-card">
    <div>
      <h3>
        <a class="whole-card" href={`/tickets/${id}`}>
          {place?.name ?? texts().ticket.one}
        </a>
      </h3>
      <p>{shownDate(ticket.visit_date)}</p>
      <p class="muted">
        {texts().people(ticket.people)} · {Number(ticket.price) === 0 ? texts().free : money(ticket.price)}
      </p>
    </div>
    <StatusBadge ticket={ticket} />
  </li>
);

const Group = ({ title, items }: { readonly title: string; readonly items: readonly Shown[] }) =>
  items.length === 0 ? null : (
    <section class="stack">
      <h2>{title}</h2>
      <ul class="plain-list">
        {items.map((shown) => (
          <TicketCard key={shown.id} shown={shown} />
        ))}
      </ul>
    </section>
  );

const isAhead = ({ ticket: { status, visit_date: date } }: Shown): boolean =>
  (status === 'active' || status === 'pending_payment' || status === 'used') && date >= today();

function List({ first }: { readonly first: TicketPage }) {
  const more = useSignal<readonly Shown[]>([]);
  const next = useSignal(first.next);
  const problem = useSignal<Problem | null>(null);
  const items = [...first.items, ...more.value];
  const ahead = items.filter(isAhead).toSorted((a, b) => a.ticket.visit_date.localeCompare(b.ticket.visit_date));
  const load = async (): Promise<void> => {
    const page = await loadTickets(next.value);
    problem.value = page.ok ? null : page.problem;
    if (!page.ok) return;
    more.value = [...more.value, ...page.value.items];
    next.value = page.value.next;
  };
  if (items.length === 0) {
    return (
      <div class="card empty stack">
        <p>{texts().ticket.none}</p>
        <p>
          <a class="action" href="/">
            {texts().ticket.choosePark}
          </a>
        </p>
      </div>
    );
  }
  return (
    <div class="stack">
      {first.items[0]?.isKept === true && <KeptNotice savedAt={first.items[0].savedAt} />}
      <Group title={texts().ticket.ahead} items={ahead} />
      <Group title={texts().ticket.past} items={items.filter((one) => !isAhead(one))} />
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      {next.value !== null && (
        <BusyButton class="secondary" onPress={load}>
          {texts().showMore}
        </BusyButton>
      )}
    </div>
  );
}

function Tickets() {
  const tickets = useLoad(() => loadTickets(null), []);
  return (
    <Loaded of={tickets} skeletons={2}>
      {(first) => <List key={first.items.length} first={first} />}
    </Loaded>
  );
}

/** The tickets of a guest: those to come first. */
export const TicketsPage = () => (
  <Page title={texts().nav.tickets} narrow>
    <p>
      <a href="/waitlist">
        <Icon of={Hourglass} /> {texts().waitlist.title}
      </a>
    </p>
    <SignedIn>{() => <Tickets />}</SignedIn>
  </Page>
);
