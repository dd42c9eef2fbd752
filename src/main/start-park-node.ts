import type { Logger } from 'pino';
import { compose, type App } from './compose.ts';
import type { Config } from './config.ts';
import { openNodeDatabase } from './database-of.ts';
import { startApi } from './http-api.ts';
import type { Running } from './process.ts';
import { startWorker } from './worker-jobs.ts';

export type RunningParkNode = Running & {
  readonly app: App;
  /** What the database is, for people. */
  readonly database: string;
};

/** Starts all that a park's node does in this process: database, API and worker. */
export async function startParkNode(config: Config, log: Logger): Promise<RunningParkNode> {
  const database = await openNodeDatabase(config, log);
  const app = await compose({ config, log, databaseUrl: database.url, canSetRole: database.canSetRole });
  const worker = startWorker(app);
  const api = await startApi(app);
  return {
    app,
    database: database.description,
    lost: database.lost,
    async stop() {
      await api.drain();
      await worker.stop();
      await app.close();
      await database.stop();
    },
  };
}
