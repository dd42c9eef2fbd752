import { api } from '../../shared/api/client.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { taggedOutcomeOf } from '../../shared/api/outcome.ts';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { ADMINS, may } from '../session/staff.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';
import { FiguresForm } from './figures-form.tsx';

/** Tiers and figures of the loyalty programme. */
export function LoyaltyPage() {
  const { loyalty: words, sections } = texts();
  const isEditor = may(ADMINS, null);
  const read = useLoad(() => taggedOutcomeOf(api.GET('/api/v1/admin/loyalty/tiers')), []);
  return (
    <Page title={sections.loyalty}>
      <p class="muted">{isEditor ? words.lead : words.leadOfReader}</p>
      <Loaded of={read}>{(found) => <FiguresForm found={found} isEditor={isEditor} onNewest={read.reload} />}</Loaded>
    </Page>
  );
}
