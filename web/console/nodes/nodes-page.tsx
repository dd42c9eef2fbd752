import { useSignal } from '@preact/signals';
import { parkInView } from '../session/parks.ts';
import { may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { DeviceList } from './device-list.tsx';
import { KeptList } from './kept-list.tsx';
import { NodeList } from './node-list.tsx';

type View = 'nodes' | 'devices' | 'kept';
const VIEWS: readonly View[] = ['nodes', 'devices', 'kept'];

/** The machines of parks: nodes that work without headquarters, and devices at gates. */
export function NodesPage() {
  const { nodes: words, sections } = texts();
  const view = useSignal<View>('nodes');
  const here = parkInView.value;
  const devices = (parkId: string | null) => <DeviceList parkId={parkId} />;
  return (
    <Page title={sections.nodes}>
      <Tabs<View>
        label={words.show}
        tabs={VIEWS.map((key) => ({ key, label: words.views[key] }))}
        chosen={view.value}
        onChoose={(key) => (view.value = key)}
      />
      <p class="muted">{words.leads[view.value]}</p>
      {view.value === 'nodes' && <NodeList parkId={here} />}
      {view.value === 'devices' &&
        (may(MANAGERS, here) ? devices(here) : <NeedsPark roles={MANAGERS}>{devices}</NeedsPark>)}
      {view.value === 'kept' && <KeptList parkId={here} />}
    </Page>
  );
}
