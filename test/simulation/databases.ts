import { dropDatabase, urlOf, withClient } from '../support/database-admin.ts';
import { migrateAll } from '../support/migrate-template.ts';

/** The databases of simulated nodes on one server: copied, put aside and put back as files are. */
export type Databases = {
  urlOf(name: string): string;
  /** With the schema of every module. */
  create(name: string): Promise<void>;
  /** `from` must have no connections. */
  copy(from: string, to: string): Promise<void>;
  drop(...names: readonly string[]): Promise<void>;
};

export function createDatabases(adminUrl: string): Databases {
  const run = (text: (quote: (name: string) => string) => string): Promise<void> =>
    withClient(adminUrl, async (client) => {
      await client.query(text((name) => client.escapeIdentifier(name)));
    });
  return {
    urlOf: (name) => urlOf(adminUrl, name),
    async create(name) {
      await run((quote) => `create database ${quote(name)} template template0`);
      await migrateAll(urlOf(adminUrl, name));
    },
    copy: (from, to) => run((quote) => `create database ${quote(to)} template ${quote(from)} strategy file_copy`),
    drop: (...names) =>
      withClient(adminUrl, async (client) => {
        for (const name of names) await dropDatabase(client, name);
      }),
  };
}
