import { common } from '../../shared/i18n/common.ts';
import { texts } from '../texts/texts.ts';
import { Page } from '../ui/page.tsx';

/** An address of the console that shows nothing, or nothing to this reader. */
export const NotFoundPage = () => (
  <Page title={common().noPage}>
    <p>{texts().shell.noPageLead}</p>
    <p>
      <a href="/console">{texts().sections.today}</a>
    </p>
  </Page>
);
