import { useSignal } from '@preact/signals';
import { parkInView } from '../session/parks.ts';
import { FINANCE, may } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { DifferenceList } from './difference-list.tsx';
import { StatementList } from './statement-list.tsx';

type View = 'open' | 'resolved' | 'statements';
const VIEWS: readonly View[] = ['open', 'resolved', 'statements'];

/** Where statements of providers are compared with the books, and differences are told apart. */
export function ReconciliationPage() {
  const { reconciliation: words, sections } = texts();
  const view = useSignal<View>('open');
  const here = parkInView.value;
  const { value: shown } = view;
  const list = (parkId: string | null) =>
    shown === 'statements' ? <StatementList parkId={parkId} /> : <DifferenceList parkId={parkId} status={shown} />;
  return (
    <Page title={sections.reconciliation}>
      <p class="muted">{words.lead}</p>
      <Tabs<View>
        label={words.show}
        tabs={VIEWS.map((key) => ({ key, label: words.views[key] }))}
        chosen={shown}
        onChoose={(key) => (view.value = key)}
      />
      {may(FINANCE, here) ? list(here) : <NeedsPark roles={FINANCE}>{list}</NeedsPark>}
    </Page>
  );
}
