import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithDatabase } from '../../../test/support/database.ts';
import { createCommandRunner } from '../../kernel/command-runner.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import { tally, tallyCodec, tallyOn } from '../../kernel/tally.suite.ts';
import { systemClock } from '../clock.ts';
import { systemIds } from '../ids.ts';
import { beside, newId } from './appends.suite.ts';
import { openScratchLog, type ScratchLog } from './scratch-log.suite.ts';

const meta = { actor: 'system', correlationId: 'test' };

describeWithDatabase('commands on one hot stream', () => {
  let log: ScratchLog;
  beforeAll(async () => {
    log = await openScratchLog();
  });
  afterAll(() => log?.close());

  const runnerOn = (store: EventStore) =>
    createCommandRunner({ store, codec: tallyCodec, ids: systemIds, clock: systemClock });

  async function hammer(stores: readonly EventStore[], total: number): Promise<number | undefined> {
    const runners = stores.map(runnerOn);
    const id = newId();
    let left = total;
    const work = async (caller: number): Promise<void> => {
      const runner = runners[caller % runners.length];
      while (left > 0 && runner !== undefined) {
        left -= 1;
        expect(await runner.run(tally, id, { kind: 'raise' }, meta)).toMatchObject({ ok: true });
      }
    };
    await Promise.all(Array.from({ length: 32 }, (_, caller) => work(caller)));
    const [reader] = runners;
    return (await reader?.stateOf(tally, id))?.state.total;
  }

  test('of 32 callers in one process all succeed', async () => {
    expect(await hammer([await log.openStore()], 3000)).toBe(3000);
  });

  test('of 32 callers in two processes all succeed', async () => {
    expect(await hammer([await log.openStore(), await log.openStore()], 1000)).toBe(1000);
  });

  test('on many streams that share one counter sell exactly what it holds', async () => {
    const stores = [await log.openStore(), await log.openStore()];
    const account = `test/${newId()}`;
    await stores[0]?.append(beside({ transfers: [{ from: null, to: account, amount: 100 }] }));
    const runners = stores.map(runnerOn);
    const answers = await Promise.all(
      Array.from({ length: 150 }).flatMap(() =>
        runners.map((runner) => runner.run(tallyOn(account), newId(), { kind: 'raise' }, meta, { isNew: true })),
      ),
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(100);
    expect(await stores[0]?.balances([account, `${account}/taken`])).toEqual([0, 100]);
  });
});
