import { useSignal } from '@preact/signals';
import { parkInView } from '../session/parks.ts';
import { may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { GuestCard } from './guest-card.tsx';
import { SearchForm, type Search } from './search-form.tsx';
import { TicketList } from './ticket-list.tsx';

/** Finds tickets, and a guest by the exact phone. Looking a guest up is on record. */
export function TicketsPage() {
  const { tickets: words, sections } = texts();
  const search = useSignal<Search>({ phone: '', code: '', day: '', status: '', turn: 0 });
  const here = parkInView.value;
  const list = (parkId: string | null) => <TicketList parkId={parkId} search={search.value} />;
  return (
    <Page title={sections.tickets}>
      <p class="muted">{words.lead}</p>
      <SearchForm onSearch={(asked) => (search.value = asked)} />
      {search.value.phone !== '' && <GuestCard phone={search.value.phone} turn={search.value.turn} />}
      {may(MANAGERS, here) ? list(here) : <NeedsPark roles={MANAGERS}>{list}</NeedsPark>}
    </Page>
  );
}
