import { useSignal } from '@preact/signals';
import { parkInView } from '../session/parks.ts';
import { may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { IncidentList } from './incident-list.tsx';

const STATUSES = ['open', 'resolved'] as const;

/** What gates noticed and a person has to look at. */
export function IncidentsPage() {
  const { incidents: words, sections } = texts();
  const status = useSignal<(typeof STATUSES)[number]>('open');
  const here = parkInView.value;
  const list = (parkId: string | null) => <IncidentList parkId={parkId} status={status.value} />;
  return (
    <Page title={sections.incidents}>
      <p class="muted">{words.lead}</p>
      <Tabs
        label={words.status}
        tabs={STATUSES.map((key) => ({ key, label: words.statuses[key] }))}
        chosen={status.value}
        onChoose={(key) => (status.value = key)}
      />
      {may(MANAGERS, here) ? list(here) : <NeedsPark roles={MANAGERS}>{list}</NeedsPark>}
    </Page>
  );
}
