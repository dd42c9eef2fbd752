import { api } from '../../shared/api/client.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { taggedOutcomeOf } from '../../shared/api/outcome.ts';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { MANAGERS } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { NeedsPark } from '../ui/needs-park.tsx';
import { Page } from '../ui/page.tsx';
import { ParkForm } from './park-form.tsx';

/** What holds at a park on days that have no rule of their own. */
export const ParksPage = () => (
  <Page title={texts().sections.parks}>
    <p class="muted">{texts().parks.lead}</p>
    <NeedsPark roles={MANAGERS}>{(parkId) => <ParkSettings key={parkId} parkId={parkId} />}</NeedsPark>
  </Page>
);

function ParkSettings({ parkId }: { readonly parkId: string }) {
  const read = useLoad(() => taggedOutcomeOf(api.GET('/api/v1/parks/{id}', { params: { path: { id: parkId } } })), []);
  return <Loaded of={read}>{(found) => <ParkForm found={found} onNewest={read.reload} />}</Loaded>;
}
