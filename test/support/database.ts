import type { Client } from 'pg';
import { describe, inject } from 'vitest';
import type {} from './global-setup.ts';
import { dropDatabase, urlOf, withClient } from './database-admin.ts';
import { newDatabaseName, templateName } from './database-names.ts';

export type TestDatabase = {
  /** Connection URL of the server's superuser to this database. */
  readonly url: string;
  /** Drops the database, also when connections are still open. */
  drop(): Promise<void>;
};

export type TestDatabaseOptions = {
  /** `migrated` (default) has the schema of every module, `empty` has nothing. */
  readonly from?: 'migrated' | 'empty';
  /** A database of this run that it begins as a copy of, instead. Nobody may be connected to that one. */
  readonly copyOf?: TestDatabase;
  /** Runs on the new database before it is handed out. */
  readonly prepare?: (url: string) => Promise<void>;
};

/** `describe` for tests that need PostgreSQL: skipped when the run has no server (it said so at its start). */
export const describeWithDatabase = inject('postgres') === null ? describe.skip : describe;

async function makeTemplate(client: Client, adminUrl: string, template: string): Promise<void> {
  const draft = `${template}_draft`;
  await dropDatabase(client, draft);
  await client.query(`CREATE DATABASE ${client.escapeIdentifier(draft)} TEMPLATE template0`);
  const { migrateAll } = await import('./migrate-template.ts');
  await migrateAll(urlOf(adminUrl, draft));
  // Nobody may connect from now on: copying a template fails while somebody does.
  await client.query(`ALTER DATABASE ${client.escapeIdentifier(draft)} ALLOW_CONNECTIONS false IS_TEMPLATE true`);
  await client.query(`ALTER DATABASE ${client.escapeIdentifier(draft)} RENAME TO ${client.escapeIdentifier(template)}`);
}

async function createMigrated(adminUrl: string, run: string, name: string): Promise<void> {
  const template = templateName(run);
  await withClient(adminUrl, async (client) => {
    // One at a time over all workers of the run; the end of the connection gives the lock back.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) await makeTemplate(client, adminUrl, template);
    await client.query(
      `CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${client.escapeIdentifier(template)}`,
    );
  });
}

/** Makes a database of its own for a test file or a test. Drop it at the end; the end of the run drops what was not. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject('postgres');
  if (!server) throw new Error('No PostgreSQL in this run: use describeWithDatabase, and test/support/global-setup.ts');
  const { adminUrl, run } = server;
  const name = newDatabaseName(run);
  const source = options.copyOf === undefined ? 'template0' : new URL(options.copyOf.url).pathname.slice(1);
  if (options.from === 'empty' || options.copyOf !== undefined) {
    await withClient(adminUrl, (client) =>
      client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${client.escapeIdentifier(source)}`),
    );
  } else {
    await createMigrated(adminUrl, run, name);
  }
  const url = urlOf(adminUrl, name);
  await options.prepare?.(url);
  return { url, drop: () => withClient(adminUrl, (client) => dropDatabase(client, name)) };
}
