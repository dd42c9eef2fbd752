/**
 * Writes schema.sql from an empty database that went through all migrations; with `--check` only compares.
 *
 * The server is the embedded one, or that of SCHEMA_DATABASE_URL, whose user must be allowed to create databases. Both
 * must give the same text: that is how PostgreSQL 15 and 18 are held together.
 */
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eraseEmbeddedPostgres } from '../src/infrastructure/embedded-postgres/home.ts';
import { startEmbeddedPostgres } from '../src/infrastructure/embedded-postgres/start-embedded-postgres.ts';
import { migrate } from '../src/infrastructure/postgres/migrate.ts';
import type { MigrationSource } from '../src/infrastructure/postgres/migration-files.ts';
import { createTemporaryDatabase } from './schema/temporary-database.ts';
import { firstDifference } from './schema/first-difference.ts';
import { readSchema } from './schema/read-schema.ts';

const SCHEMA_FILE = resolve(import.meta.dirname, '../schema.sql');

/** Calls `use` with the URL of a server, started for it unless one is named. */
async function withServer<Answer>(use: (adminUrl: string) => Promise<Answer>): Promise<Answer> {
  const named = process.env['SCHEMA_DATABASE_URL'];
  if (named !== undefined) return use(named);
  const dataDir = await mkdtemp(join(tmpdir(), 'skypark-schema-'));
  const quiet = (): void => undefined;
  const log = { debug: quiet, info: quiet, warn: (message: string) => console.error(message) };
  try {
    const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' }, log });
    try {
      return await use(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    await eraseEmbeddedPostgres(dataDir);
  }
}

async function migratedSchema(adminUrl: string, sources: readonly MigrationSource[]): Promise<string> {
  const database = await createTemporaryDatabase(adminUrl, 'skypark_schema');
  try {
    await migrate(database.url, sources, { log: () => undefined });
    return await readSchema(database.url);
  } finally {
    await database.drop();
  }
}

async function main(): Promise<void> {
  const [option, ...more] = process.argv.slice(2);
  if ((option !== undefined && option !== '--check') || more.length > 0) throw new Error('usage: schema.ts [--check]');
  const { migrationSources } = await import('../src/main/migration-sources.ts');
  const schema = await withServer((adminUrl) => migratedSchema(adminUrl, migrationSources));
  if (option === undefined) {
    await writeFile(SCHEMA_FILE, schema);
    console.log('schema.sql written');
    return;
  }
  const committed = await readFile(SCHEMA_FILE, 'utf8').catch(() => '');
  const difference = firstDifference(committed, schema);
  if (difference === null) {
    console.log('schema.sql is in step with the migrations');
    return;
  }
  console.error(`schema.sql is out of step with the migrations; run tools/schema.ts to write it\n${difference}`);
  process.exitCode = 1;
}

await main();
