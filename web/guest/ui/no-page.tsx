import { common } from '../../shared/i18n/common.ts';
import { texts } from '../texts/texts.ts';
import { Page } from './page.tsx';

export const NoPage = () => (
  <Page title={common().noPage}>
    <p>
      <a href="/">{texts().toParks}</a>
    </p>
  </Page>
);
