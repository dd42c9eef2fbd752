import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { createRandom } from '../support/random.ts';
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
  runProgram,
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

/** What a worker lives after its start, at least and more than that at most. */
const LEAST_LIFE_MS = 50;
const MORE_LIFE_MS = 1000;
/** Longest life of one that is killed while it starts. */
const STARTING_MS = 2000;
const START_LIMIT_MS = 60_000;

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

type Worker = { readonly child: ChildProcess; readonly works: Promise<void> };

function startWorker(settings: Settings): Worker {
  const child = runProgram('src/main/worker.ts', [], { ...settings, LOG_LEVEL: 'info' });
  child.stderr?.resume();
  const works = new Promise<void>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (lines: string) => {
      if (lines.includes('the worker works')) resolve();
    });
  });
  return { child, works };
}

/** Two workers at a time, which are killed in turn and started again; one in three dies during its start. */
async function killWorkers(settings: Settings, { kills, seed }: WorkerKillRun): Promise<readonly Worker[]> {
  const random = createRandom(seed);
  const workers = [startWorker(settings), startWorker(settings)];
  for (let kill = 0; kill < kills; kill += 1) {
    const worker = workers[kill % 2];
    if (worker === undefined) continue;
    if (random() < 1 / 3) await sleep(random() * STARTING_MS);
    else {
      await Promise.race([worker.works, sleep(START_LIMIT_MS)]);
      await sleep(LEAST_LIFE_MS + random() * MORE_LIFE_MS);
    }
    expect(hasEnded(worker.child), 'a worker ended by itself').toBe(false);
    await killTree(worker.child);
    workers[kill % 2] = startWorker(settings);
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
  runProgram('src/main/sandbox.ts', ['--port', settings['SKYPARK_SANDBOX_PORT'] ?? ''], {
    SKYPARK_DATA_DIR: dataDir,
  });
  const api = await startProgram('api', settings);
  const demo = runProgram('tools/demo.ts', ['--families', String(run.families), '--journal', journal], {
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
    runProgram('src/main/cli.ts', ['check', '--drained', '--journal', journal], {
      SKYPARK_DATA_DIR: dataDir,
      DATABASE_URL: database.url,
    }),
  );
  expect(checked.text).toContain('All rules hold.');
  expect(await readJournal(journal)).not.toHaveLength(0);
  for (const { child } of workers) await killTree(child);
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
