import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { components } from '../../../clients/typescript/schema.d.ts';
import { api } from '../../shared/api/client.ts';
import { forgetIntents, intentOf } from '../../shared/api/intent.ts';
import { outcomeOf, type Problem } from '../../shared/api/outcome.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { shownDay, shownTime } from '../../shared/format/day.ts';
import { BusyButton } from '../../shared/ui/busy-button.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { ProblemNotice } from '../../shared/ui/problem-notice.tsx';
import { say } from '../../shared/ui/toasts.tsx';
import { SignedIn } from '../account/signed-in.tsx';
import { usePark } from '../parks/parks.ts';
import { usePoll } from '../pay/poll.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';

type Entry = components['schemas']['WaitlistEntry'];

const LOOKS: Readonly<Record<Entry['status'], string>> = {
  waiting: '',
  offered: 'good',
  fulfilled: 'good',
  missed: 'warn',
  left: '',
  over: '',
};

function Place({ entry, onChanged }: { readonly entry: Entry; readonly onChanged: () => Promise<unknown> }) {
  const { route } = useLocation();
  const park = usePark(entry.park_id);
  const problem = useSignal<Problem | null>(null);
  const once = intentOf('acceptOffer');
  const params = { path: { id: entry.id } };
  const words = texts().waitlist;
  const take = async (): Promise<void> => {
    const taken = await once(entry.id, (header) =>
      outcomeOf(api.POST('/api/v1/waitlist/{id}/accept', { params: { ...params, header } })),
    );
    problem.value = taken.ok ? null : taken.problem;
    if (taken.ok) route(`/tickets/${taken.value.id}`);
    else await onChanged();
  };
  const leave = async (): Promise<void> => {
    const left = await outcomeOf(api.DELETE('/api/v1/waitlist/{id}', { params }));
    problem.value = left.ok ? null : left.problem;
    if (left.ok) {
      forgetIntents('joinWaitlist');
      say(words.left);
    }
    await onChanged();
  };
  return (
    <li class="card stack">
      <div class="row spread">
        <h2>{park?.name ?? texts().park.one}</h2>
        <span class={`badge ${LOOKS[entry.status]}`}>{words.status[entry.status]}</span>
      </div>
      <p>
        {shownDay(entry.visit_date)} · {texts().people(entry.people)}
      </p>
      {entry.status === 'waiting' && <p>{words.ahead(entry.ahead)}</p>}
      {entry.offered_until !== null && entry.status === 'offered' && (
        <p>{words.offered(shownTime(entry.offered_until))}</p>
      )}
      {problem.value !== null && <ProblemNotice problem={problem.value} />}
      {entry.status === 'offered' && <BusyButton onPress={take}>{words.take}</BusyButton>}
      {(entry.status === 'waiting' || entry.status === 'offered') && (
        <BusyButton class="secondary outline" onPress={leave}>
          {words.leave}
        </BusyButton>
      )}
      {entry.ticket_id !== null && entry.status === 'fulfilled' && (
        <a class="action second" href={`/tickets/${entry.ticket_id}`}>
          {texts().pay.toTicket}
        </a>
      )}
    </li>
  );
}

function Places() {
  const entries = useLoad(() => outcomeOf(api.GET('/api/v1/waitlist', { params: { query: { limit: 50 } } })), []);
  usePoll(entries.reload, entries.value?.items.some(({ status }) => status === 'waiting') === true);
  return (
    <Loaded of={entries}>
      {({ items }) =>
        items.length === 0 ? (
          <p class="card empty">{texts().waitlist.none}</p>
        ) : (
          <ul class="plain-list">
            {items.map((entry) => (
              <Place key={entry.id} entry={entry} onChanged={entries.reload} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

/** Where the guest waits for places, and what is offered. */
export const WaitlistPage = () => (
  <Page title={texts().waitlist.title} back={{ href: '/tickets', label: texts().nav.tickets }} narrow>
    <p class="muted">{texts().waitlist.lead}</p>
    <SignedIn>{() => <Places />}</SignedIn>
  </Page>
);
