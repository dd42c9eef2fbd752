import { openNodeDatabase } from './database-of.ts';
import { ensureFirstAdmin } from './first-admin.ts';
import { composeHeadquarters } from './headquarters-lives.ts';
import { startApi } from './http-api.ts';
import { runProcess } from './process.ts';

// The HTTP API alone; any number of them may share a database.
await runProcess(async (config, log) => {
  if (config.node.role === 'park') throw new Error('The node of a park is one process: npm run park-node');
  const database = await openNodeDatabase(config, log);
  const app = await composeHeadquarters({ config, log, databaseUrl: database.url, canSetRole: database.canSetRole });
  await ensureFirstAdmin(app);
  const api = await startApi(app);
  log.info({ url: config.publicUrl }, 'the API listens');
  return {
    async stop() {
      await api.drain();
      await app.close();
      await database.stop();
    },
  };
});
