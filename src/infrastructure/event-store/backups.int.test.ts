import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { readBackupState } from './backups.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';

describeWithDatabase('the state of backups', () => {
  let log: ScratchLog;
  beforeAll(async () => (log = await openScratchLog()));
  afterAll(() => log?.close());

  test('has a time of what succeeded, none of what never did, and none of a log that is not archived', async () => {
    const program = log.connect('test-backups');
    expect(await readBackupState(program)).toEqual({ madeAtMs: {}, archivedAtMs: null });
    await log.owner.run(`insert into store.backup values ('base', '2026-12-05T21:10:00.25Z')`);
    expect(await readBackupState(program)).toEqual({
      madeAtMs: { base: Date.parse('2026-12-05T21:10:00.250Z') },
      archivedAtMs: null,
    });
  });
});
