import { randomBytes } from 'node:crypto';
import { escapeIdentifier } from 'pg';
import { openConnection } from '../../src/infrastructure/postgres/database.ts';

export type TemporaryDatabase = {
  readonly url: string;
  /** Removes it together with whatever is still connected to it. */
  drop(): Promise<void>;
};

/**
 * An empty database of its own on a server, for a test or a tool.
 * @param adminUrl URL of a user who may create databases.
 */
export async function createTemporaryDatabase(adminUrl: string, prefix: string): Promise<TemporaryDatabase> {
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  const asAdmin = async (sql: string): Promise<void> => {
    const connection = await openConnection({
      url: adminUrl,
      applicationName: 'skypark-temporary',
      statementTimeoutMs: 0,
    });
    try {
      await connection.run(sql);
    } finally {
      await connection.close();
    }
  };
  await asAdmin(`create database ${escapeIdentifier(name)} template template0 encoding 'UTF8'`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asAdmin(`drop database if exists ${escapeIdentifier(name)} with (force)`) };
}
