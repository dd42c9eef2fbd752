import { useSignal } from '@preact/signals';
import { Plus } from 'lucide';
import { api } from '../../shared/api/client.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { taggedOutcomeOf } from '../../shared/api/outcome.ts';
import { Icon } from '../../shared/ui/icon.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { ADMINS, may, MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Holidays } from './holidays.tsx';
import { NewPark } from './new-park.tsx';
import { ParkForm } from './park-form.tsx';
import { Pictures } from './pictures.tsx';

type View = 'settings' | 'holidays';

/** What holds at a park on days that have no rule of their own, and which days are holidays for all. */
export function ParksPage() {
  const { parks: words, holidays, sections } = texts();
  const view = useSignal<View>('settings');
  const isAdding = useSignal(false);
  return (
    <Page
      title={sections.parks}
      actions={
        may(ADMINS, null) && (
          <button type="button" class="secondary" onClick={() => (isAdding.value = true)}>
            <Icon of={Plus} /> {words.add}
          </button>
        )
      }
    >
      <Tabs<View>
        label={words.show}
        tabs={[
          { key: 'settings', label: words.settings },
          { key: 'holidays', label: holidays.title },
        ]}
        chosen={view.value}
        onChoose={(key) => (view.value = key)}
      />
      {view.value === 'holidays' ? (
        <Holidays />
      ) : (
        <>
          <p class="muted">{words.lead}</p>
          <NeedsPark roles={MANAGERS}>{(parkId) => <ParkSettings key={parkId} parkId={parkId} />}</NeedsPark>
        </>
      )}
      {isAdding.value && <NewPark onClose={() => (isAdding.value = false)} />}
    </Page>
  );
}

function ParkSettings({ parkId }: { readonly parkId: string }) {
  const read = useLoad(() => taggedOutcomeOf(api.GET('/api/v1/parks/{id}', { params: { path: { id: parkId } } })), []);
  return (
    <Loaded of={read}>
      {(found) => (
        <>
          <Pictures found={found} onChanged={read.reload} />
          <ParkForm found={found} onNewest={read.reload} />
        </>
      )}
    </Loaded>
  );
}
