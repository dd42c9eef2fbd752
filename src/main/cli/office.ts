import type { Logger } from 'pino';
import { connectDatabase, type Database } from '../../infrastructure/postgres/database.ts';
import { migrate } from '../../infrastructure/postgres/migrate.ts';
import { compose, type App } from '../compose.ts';
import type { Config } from '../config.ts';
import { openServer } from '../database-of.ts';
import { composeHeadquarters } from '../headquarters-lives.ts';
import { migrateDatabase } from '../migrate-database.ts';
import { migrationSources } from '../migration-sources.ts';

export type DatabaseServer = { readonly url: string; readonly description: string };

/** What commands work with. Nothing is opened before a command asks for it, and all is closed after it. */
export type Office = {
  readonly config: Config;
  readonly log: Logger;
  readonly say: (line: string) => void;
  /** The server of the database, started when it is the embedded one. */
  readonly withServer: <Answer>(use: (server: DatabaseServer) => Promise<Answer>) => Promise<Answer>;
  readonly withDatabase: <Answer>(use: (database: Database) => Promise<Answer>) => Promise<Answer>;
  /** The whole program without its doors, for what changes something by its rules. @param isFirst the database may be new */
  readonly withApp: <Answer>(use: (app: App) => Promise<Answer>, isFirst?: boolean) => Promise<Answer>;
};

/** @throws when the database lacks a migration of this program, whose statements would fail somewhere on the way. */
export async function needCurrentSchema(
  url: string,
  { databaseSsl: ssl }: Pick<Config, 'databaseSsl'>,
): Promise<{ readonly canSetRole: boolean }> {
  const { pending, canSetRole } = await migrate(url, migrationSources, { log: () => undefined, onlyCheck: true, ssl });
  if (pending.length > 0) throw new Error('The database has an older schema than this program: npm run migrate');
  return { canSetRole };
}

export function createOffice(config: Config, log: Logger, say: (line: string) => void): Office {
  const withServer: Office['withServer'] = async (use) => {
    const server = await openServer(config, log);
    try {
      return await use(server);
    } finally {
      await server.stop();
    }
  };
  return {
    config,
    log,
    say,
    withServer,
    withDatabase: (use) =>
      withServer(async ({ url }) => {
        const ssl = config.databaseSsl;
        const database = connectDatabase({
          url,
          ssl,
          poolSize: 2,
          applicationName: 'skypark-cli',
          onError: () => undefined,
        });
        try {
          return await use(database);
        } finally {
          await database.close();
        }
      }),
    withApp: (use, isFirst = false) =>
      withServer(async ({ url }) => {
        const ssl = config.databaseSsl;
        const { canSetRole } = isFirst
          ? await migrateDatabase(url, { log: (line) => log.info(line), ssl })
          : await needCurrentSchema(url, config);
        // One command needs neither what is shared between processes nor the broker.
        const alone = { ...config, redisUrl: null, rabbitmqUrl: null };
        const open = config.node.role === 'hq' ? composeHeadquarters : compose;
        const app = await open({ config: alone, log, databaseUrl: url, canSetRole });
        try {
          return await use(app);
        } finally {
          await app.close();
        }
      }),
  };
}
