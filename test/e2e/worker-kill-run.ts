import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { createRandom } from '../../src/infrastructure/event-store/lossy-delivery.suite.ts';
import { systemIds } from '../../src/infrastructure/ids.ts';
import { connectDatabase } from '../../src/infrastructure/postgres/database.ts';
import { statement } from '../../src/infrastructure/postgres/session.ts';
import { removeTopology } from '../../src/infrastructure/rabbitmq/broker.suite.ts';
import { readJournal } from '../../src/main/cli/journal-facts.ts';
import { brokerPrefix } from '../../src/main/event-broker.ts';
import { createTestDatabase } from '../support/database.ts';
import {
  hasEnded,
  killTree,
  localSettings,
  outputOf,
  runSource,
  startProgram,
  temporaryDataDir,
  type Settings,
} from '../support/product.ts';

export type WorkerKillRun = {
  readonly families: number;
  readonly kills: number;
  /** The same seed gives the same moments. */
  readonly seed: number;
  /** Where events go over a broker. */
  readonly rabbitmqUrl: string;
};

/** What a worker lives, from its start on; a good second of it is the start itself. */
const MOST_LIFE_MS = 3500;

export type Effects = {
  /** Those whose tickets were paid. */
  readonly families: number;
  /** Families that were not told of each of their tickets once. */
  readonly mistold: number;
  readonly admitted: number;
  readonly earned: number;
  readonly earnedTwice: number;
};

const READERS = statement('test.readers', 'select name from store.subscription');

/** What activations and first admissions were to bring about, and what there is of it. */
const EFFECTS = statement(
  'test.effects',
  `with event as (select event_type as type, event_data ->> 'userId' as user_id, event_data ->> 'ticketId' as ticket_id from store.event),
   activated as (select user_id, count(*) from event where type = 'TicketActivated' and user_id is not null group by 1),
   told as (select user_id::text, count(*) from notify.message where kind = 'ticket_paid' and channel = 'sms' group by 1),
   earned as (select ticket_id, count(*) from event where type = 'PointsEarned' group by 1)
   select (select count(*)::int from activated) as families,
     (select count(*)::int from activated a full join told t using (user_id) where a.count is distinct from t.count) as mistold,
     (select count(*)::int from earned where count <> 1) as "earnedTwice",
     (select count(*)::int from earned) as earned,
     (select count(distinct ticket_id)::int from event where type = 'PeopleAdmitted') as admitted`,
);

/** Two workers at a time, each of which is killed at a random moment and started again. */
async function killWorkers(settings: Settings, { kills, seed }: WorkerKillRun): Promise<readonly ChildProcess[]> {
  const random = createRandom(seed);
  const start = (): ChildProcess => runSource('src/main/worker.ts', [], settings);
  const workers = [start(), start()];
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep((random() * MOST_LIFE_MS) / 2);
    const chosen = kill % 2;
    const worker = workers[chosen];
    if (worker !== undefined) {
      expect(hasEnded(worker), 'a worker ended by itself').toBe(false);
      await killTree(worker);
    }
    workers[chosen] = start();
  }
  return workers;
}

/**
 * Families go to a park while the workers, and with them the relay that publishes the log, are killed again and again. At
 * the end every family is in, every rule holds, and what events bring about is there once.
 */
export async function surviveWorkerKills(run: WorkerKillRun): Promise<Effects> {
  const dataDir = await temporaryDataDir();
  const database = await createTestDatabase();
  const nodeId = `test-${systemIds.next()}`;
  const settings = await localSettings(dataDir, {
    DATABASE_URL: database.url,
    RABBITMQ_URL: run.rabbitmqUrl,
    SKYPARK_NODE_ID: nodeId,
  });
  const journal = join(dataDir, 'journal');
  // It makes the logins that the demo reads.
  const first = await startProgram('start', settings);
  await killTree(first.child);
  runSource('src/main/sandbox.ts', ['--port', settings['SKYPARK_SANDBOX_PORT'] ?? ''], {
    SKYPARK_DATA_DIR: dataDir,
  });
  const api = await startProgram('api', settings);
  const demo = runSource('tools/demo.ts', ['--families', String(run.families), '--journal', journal], {
    SKYPARK_URL: api.url,
    SKYPARK_DATA_DIR: dataDir,
  });
  const demoOutput = outputOf(demo);
  const workers = await killWorkers(settings, run);
  expect(await demoOutput).toMatchObject({
    code: 0,
    text: expect.stringContaining(`${run.families} of ${run.families}`),
  });
  const checked = await outputOf(
    runSource('src/main/cli.ts', ['check', '--drained', '--journal', journal], {
      SKYPARK_DATA_DIR: dataDir,
      DATABASE_URL: database.url,
    }),
  );
  expect(checked.text).toContain('All rules hold.');
  expect(await readJournal(journal)).not.toHaveLength(0);
  for (const worker of workers) await killTree(worker);
  await killTree(api.child);
  const effects = await readEffects(database.url, nodeId);
  await database.drop();
  return effects;
}

async function readEffects(url: string, nodeId: string): Promise<Effects> {
  const database = connectDatabase({ url, applicationName: 'test', poolSize: 1, onError: () => undefined });
  try {
    const readers = await database.rows<{ name: string }>(READERS, []);
    await removeTopology(
      brokerPrefix({ nodeId }),
      readers.map(({ name }) => name),
    );
    const [effects] = await database.rows<Effects>(EFFECTS, []);
    if (effects === undefined) throw new Error('a query without a row');
    return effects;
  } finally {
    await database.close();
  }
}
