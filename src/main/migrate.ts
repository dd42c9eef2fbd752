import { openNodeDatabase } from './database-of.ts';
import { runProcess } from './process.ts';

// Brings the database to this program's schema and ends.
await runProcess(async (config, log) => {
  const database = await openNodeDatabase(config, log);
  await database.stop();
  log.info('the database has the schema of this program');
  process.exit(0);
});
