import type { Logger } from 'pino';
import type { Clock } from '../kernel/time.ts';
import { compose, type App } from './compose.ts';
import type { Config } from './config.ts';
import { openNodeDatabase } from './database-of.ts';
import { startApi } from './http-api.ts';
import type { Running } from './process.ts';
import { livesOf } from './park-lives.ts';
import { parkIdentity } from './park-sync.ts';
import { startWorker } from './worker-jobs.ts';

export type RunningParkNode = Running & {
  readonly app: App;
  /** What the database is, for people. */
  readonly database: string;
  /** Where it is, with the rights of its owner. */
  readonly databaseUrl: string;
};

/** Starts all that a park's node does in this process: database, API and worker. @param clock the system's when absent */
export async function startParkNode(config: Config, log: Logger, clock?: Clock): Promise<RunningParkNode> {
  const database = await openNodeDatabase(config, log);
  const { url: databaseUrl, canSetRole } = database;
  const app = await compose({ config, log, databaseUrl, canSetRole, ...(clock === undefined ? {} : { clock }) });
  // A log that was put back may have sold what it does not remember.
  try {
    await livesOf(app, (await parkIdentity(app)).signer).settle();
  } catch (error) {
    await app.close();
    await database.stop();
    throw error;
  }
  const worker = startWorker(app);
  const api = await startApi(app);
  return {
    app,
    database: database.description,
    databaseUrl,
    lost: database.lost,
    async stop() {
      await api.drain();
      await worker.stop();
      await app.close();
      await database.stop();
    },
  };
}
