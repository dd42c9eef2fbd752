import type { Clock } from '../../src/kernel/time.ts';
import { createTestDatabase } from './database.ts';
import type { OwnNode } from './nodes.ts';
import { localSettings, startTestApi, temporaryDataDir, type CleanUp, type Settings } from './product.ts';

/** The API of a node on a new database of the run, without the programs that work beside it. */
export async function startOwnApi(settings: Settings, clock: Clock, later: CleanUp): Promise<OwnNode> {
  const { url, drop } = await createTestDatabase();
  later(drop);
  const all = await localSettings(await temporaryDataDir(later), { DATABASE_URL: url, ...settings });
  return { ...(await startTestApi(all, clock, later)), databaseUrl: url };
}
