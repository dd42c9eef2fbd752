import { openNodeDatabase } from './database-of.ts';
import { composeHeadquarters } from './headquarters-lives.ts';
import { startOperationsListener } from './operations-listener.ts';
import { runProcess } from './process.ts';
import { startWorker } from './worker-jobs.ts';

// Flows and timed work alone; of several, each flow runs in one.
await runProcess(async (config, log) => {
  if (config.node.role === 'park') throw new Error('The node of a park is one process: npm run park-node');
  const database = await openNodeDatabase(config, log);
  const app = await composeHeadquarters({ config, log, databaseUrl: database.url, canSetRole: database.canSetRole });
  const worker = startWorker(app);
  const operations = await startOperationsListener(app);
  log.info('the worker works');
  return {
    async stop() {
      await Promise.all([worker.stop(), operations.drain()]);
      await app.close();
      await database.stop();
    },
  };
});
