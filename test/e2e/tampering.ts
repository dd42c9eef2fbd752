import { inject } from 'vitest';
import { urlOf, withClient } from '../support/database-admin.ts';
import { newDatabaseName } from '../support/database-names.ts';

/** A copy of a database that nobody is connected to. It is dropped with the run. */
export async function copyOf(url: string): Promise<string> {
  const server = inject('postgres');
  if (server === null) throw new Error('no server');
  const name = newDatabaseName(server.run);
  await withClient(server.adminUrl, (client) =>
    client.query(`create database "${name}" template "${new URL(url).pathname.slice(1)}"`),
  );
  return urlOf(server.adminUrl, name);
}

/** Changes what nothing but the program may change. */
export const tamper = (url: string, sql: string): Promise<unknown> =>
  withClient(url, (client) => client.query(`set session_replication_role = replica; ${sql}`));
