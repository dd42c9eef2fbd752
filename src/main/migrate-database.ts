import { registerProjections } from '../infrastructure/event-store/projections.ts';
import { refreshProjections } from '../infrastructure/event-store/refresh-projections.ts';
import { connectDatabase } from '../infrastructure/postgres/database.ts';
import { migrate, type MigrateReport } from '../infrastructure/postgres/migrate.ts';
import type { SslMode } from '../infrastructure/postgres/connection-settings.ts';
import { manifests, migrationSources } from './migration-sources.ts';

/**
 * Brings a database to this program's schema, tells the store which read models to keep, and rebuilds those whose rows an
 * earlier version made.
 */
export async function migrateDatabase(
  url: string,
  settings: { readonly log: (line: string) => void; readonly ssl?: SslMode | undefined },
): Promise<MigrateReport> {
  const report = await migrate(url, migrationSources, settings);
  const database = connectDatabase({
    url,
    ssl: settings.ssl,
    poolSize: 1,
    applicationName: 'skypark-migrate',
    onError: (error) => settings.log(error.message),
  });
  try {
    const projections = manifests.flatMap((manifest) => manifest.projections);
    await registerProjections(database, projections);
    await refreshProjections(database, projections, settings.log);
  } finally {
    await database.close();
  }
  return report;
}
