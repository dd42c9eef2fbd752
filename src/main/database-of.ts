import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { refuseForeign } from '../infrastructure/embedded-postgres/owned-directory.ts';
import { startEmbeddedPostgres } from '../infrastructure/embedded-postgres/start-embedded-postgres.ts';
import type { Config } from './config.ts';
import { migrateDatabase } from './migrate-database.ts';

export type NodeDatabase = {
  readonly url: string;
  readonly canSetRole: boolean;
  /** What it is, for people. */
  readonly description: string;
  /** Settles when a server of ours has ended without being stopped; never for a configured one. */
  readonly lost: Promise<Error>;
  stop(): Promise<void>;
};

/** The configured database, or the embedded one, migrated. */
export async function openNodeDatabase(config: Config, log: Logger): Promise<NodeDatabase> {
  const server = await openServer(config, log);
  try {
    const { applied, canSetRole } = await migrateDatabase(server.url, {
      log: (line) => log.info(line),
      ssl: config.databaseSsl,
    });
    if (applied.length > 0) log.info({ applied: applied.length }, 'the database was migrated');
    if (!canSetRole) log.warn('the login role cannot take on skypark_app: the log is protected by triggers only');
    return { ...server, canSetRole };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export type Server = Omit<NodeDatabase, 'canSetRole'>;

/** The configured database, or the embedded one, as it is. */
export async function openServer(config: Config, log: Logger): Promise<Server> {
  return config.databaseUrl === null ? startEmbedded(config, log) : external(config.databaseUrl);
}

function external(url: string): Server {
  const { host, pathname } = new URL(url);
  const lost = new Promise<Error>(() => undefined);
  return { url, description: `PostgreSQL at ${host}${pathname}`, lost, stop: async () => undefined };
}

async function startEmbedded(config: Config, log: Logger): Promise<Server> {
  // Root writes nothing where a plain user can plant links to what only root can change.
  if (process.getuid?.() === 0) await refuseForeign(config.dataDir);
  // Others may pass through: the database server runs under an account of its own when we are root.
  await mkdir(config.dataDir, { recursive: true, mode: 0o755 });
  const server = await startEmbeddedPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    log: {
      debug: (line) => log.debug(line),
      info: (line) => log.info(line),
      warn: (line) => log.warn(line),
    },
  });
  return {
    url: server.url,
    description: `embedded PostgreSQL ${server.version} in ${config.dataDir}`,
    lost: server.lost,
    stop: () => server.stop(),
  };
}
