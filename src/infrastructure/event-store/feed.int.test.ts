import { describeWithDatabase } from '../../../test/support/database.ts';
import { describeFeed } from './feed-contract.suite.ts';

describeWithDatabase('without a broker', () => {
  describeFeed('the log itself', () => ({ close: async () => undefined }));
});
