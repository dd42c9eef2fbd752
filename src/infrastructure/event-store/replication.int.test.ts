import { describeWithDatabase } from '../../../test/support/database.ts';
import { describeHandingOut } from './handing-out-contract.suite.ts';
import { describeReceiving } from './receiving-contract.suite.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';

describeWithDatabase('the replication log in PostgreSQL', () => {
  let log: ScratchLog;
  const source = {
    async open() {
      log = await openScratchLog();
      return { store: await log.openStore(), replication: log.replication() };
    },
    close: () => log.close(),
  };
  describeReceiving('in PostgreSQL', source);
  describeHandingOut('in PostgreSQL', source);
});
