import { describeWithDatabase } from '../../../test/support/database.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';
import { describeEventStore } from './store-contract.suite.ts';
import { describeStoreGuards } from './store-guards.suite.ts';

const source = () => {
  let log: ScratchLog | undefined;
  return {
    async open() {
      log = await openScratchLog();
      return log.openStore();
    },
    close: async () => log?.close(),
  };
};

describeWithDatabase('PostgreSQL', () => {
  describeEventStore('in PostgreSQL', source());
  describeStoreGuards('in PostgreSQL', source());
});
