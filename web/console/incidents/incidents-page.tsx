import { useSignal } from '@preact/signals';
import { parkInView } from '../session/parks.ts';
import { ADMINS, may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { IncidentList } from './incident-list.tsx';
import { ParkedList } from './parked-list.tsx';

type View = 'open' | 'resolved' | 'parked';

/** What gates noticed and a person has to look at. */
export function IncidentsPage() {
  const { incidents: words, sections } = texts();
  const view = useSignal<View>('open');
  const views: readonly View[] = may(ADMINS, null) ? ['open', 'resolved', 'parked'] : ['open', 'resolved'];
  const here = parkInView.value;
  const { value: shown } = view;
  const list = (parkId: string | null) => shown !== 'parked' && <IncidentList parkId={parkId} status={shown} />;
  const incidents = may(MANAGERS, here) ? list(here) : <NeedsPark roles={MANAGERS}>{list}</NeedsPark>;
  return (
    <Page title={sections.incidents}>
      <Tabs
        label={words.status}
        tabs={views.map((key) => ({ key, label: key === 'parked' ? texts().parked.title : words.statuses[key] }))}
        chosen={shown}
        onChoose={(key) => (view.value = key)}
      />
      <p class="muted">{shown === 'parked' ? texts().parked.lead : words.lead}</p>
      {shown === 'parked' ? <ParkedList /> : incidents}
    </Page>
  );
}
