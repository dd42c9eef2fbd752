import { readFile } from 'node:fs/promises';
import { createLogger } from '../infrastructure/logging/logger.ts';
import { isUuid } from '../kernel/ids.ts';
import { compose } from './compose.ts';
import { loadConfig } from './config.ts';
import { openNodeDatabase } from './database-of.ts';
import { runOnce } from './run-once.ts';
import { splitArguments } from './settings/flags.ts';

/** The subjects in a list of erasures: an id a line. @throws when a line is none: a list that was cut short is not to be believed */
async function readList(file: string): Promise<readonly string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const odd = lines.findIndex((line) => !isUuid(line));
  if (odd >= 0) throw new Error(`${file}: line ${odd + 1} is no id of a subject`);
  return lines;
}

/** After a restore, before anything is served: erases again who was erased since the moment that was restored. */
async function main(): Promise<number> {
  const { flags, rest } = splitArguments(process.argv.slice(2));
  const [file] = rest;
  if (file === undefined || rest.length > 1) throw new Error('Usage: npm run replay-erasures -- FILE');
  const subjectIds = await readList(file);
  const config = loadConfig({ LOG_LEVEL: 'warn', ...process.env }, flags);
  const log = createLogger({ level: config.logLevel, fields: { node: config.nodeId } });
  const database = await openNodeDatabase(config, log);
  try {
    const app = await compose({ config, log, databaseUrl: database.url, canSetRole: database.canSetRole });
    try {
      const meta = { actor: 'system', correlationId: 'replay-erasures' };
      let again = 0;
      for (const subjectId of subjectIds) again += (await app.modules.user.eraseAgain(subjectId, meta)) ? 1 : 0;
      process.stdout.write(`${subjectIds.length} subjects are erased, ${again} of them again.\n`);
      return 0;
    } finally {
      await app.close();
    }
  } finally {
    await database.stop();
  }
}

await runOnce(main);
