import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Client } from 'pg';
import { connectDatabase, type Database, type DatabaseSettings } from '../../src/infrastructure/postgres/database.ts';
import { dropDatabase, urlOf, withClient } from '../support/database-admin.ts';
import { migrateAll } from '../support/migrate-template.ts';

/** A place for one copy of all rows of a database: as the world was prepared, and what a backup of a node has. */
export type Slot = 'world' | 'backup';

/** The databases of simulated nodes on one server. Their rows are put aside and put back as files are, only faster. */
export type Databases = {
  urlOf(name: string): string;
  /** With the schema of every module. */
  create(name: string): Promise<void>;
  /** `from` must have no connections. */
  copy(from: string, to: string): Promise<void>;
  keep(name: string, slot: Slot): Promise<void>;
  /** Nobody may use the database meanwhile. */
  putBack(name: string, slot: Slot): Promise<void>;
  /** As the program connects, but what it closes stays open for the next node that asks for the same: a new connection plans anew. */
  connect(settings: DatabaseSettings): Database;
  /** Closes what stayed open. */
  close(): Promise<void>;
  drop(...names: readonly string[]): Promise<void>;
};

/** Rows come and go below all triggers: those that guard the log would not let them. */
const UNGUARDED = '-c session_replication_role=replica';

/** Real time must decide nothing in a simulation, however busy the machine is; and no time limit is set that would only cost time. */
const PATIENCE = { connectTimeoutMs: 30_000, statementTimeoutMs: 0, keepOpen: true } as const;

class ServerDatabases implements Databases {
  readonly #adminUrl: string;
  readonly #open = new Map<string, Database>();
  readonly #keepers = new Map<string, Client>();

  constructor(adminUrl: string) {
    this.#adminUrl = adminUrl;
  }

  urlOf(name: string): string {
    return urlOf(this.#adminUrl, name);
  }

  #run(text: (quote: (name: string) => string) => string): Promise<void> {
    return withClient(this.#adminUrl, async (client) => {
      await client.query(text((name) => client.escapeIdentifier(name)));
    });
  }

  async create(name: string): Promise<void> {
    await this.#run((quote) => `create database ${quote(name)} template template0`);
    await migrateAll(this.urlOf(name));
    const room = await readFile(new URL('keep.sql', import.meta.url), 'utf8');
    await withClient(this.urlOf(name), (client) => client.query(room));
  }

  copy(from: string, to: string): Promise<void> {
    return this.#run((quote) => `create database ${quote(to)} template ${quote(from)} strategy file_copy`);
  }

  async #keeper(name: string): Promise<Client> {
    const known = this.#keepers.get(name);
    if (known !== undefined) return known;
    const client = new Client({ connectionString: this.urlOf(name), options: UNGUARDED });
    await client.connect();
    this.#keepers.set(name, client);
    return client;
  }

  async keep(name: string, slot: Slot): Promise<void> {
    const client = await this.#keeper(name);
    await client.query(`select simulation.${client.escapeIdentifier(`keep ${slot}`)}()`);
  }

  async putBack(name: string, slot: Slot): Promise<void> {
    const client = await this.#keeper(name);
    await client.query(`select simulation.${client.escapeIdentifier(`put back ${slot}`)}()`);
  }

  connect(settings: DatabaseSettings): Database {
    const { url, role, applicationName, poolSize } = settings;
    const key = JSON.stringify([url, role, applicationName, poolSize]);
    const database = this.#open.get(key) ?? connectDatabase({ ...settings, ...PATIENCE });
    this.#open.set(key, database);
    const isBusy = (): boolean => database.stats().idle < database.stats().total;
    return {
      ...database,
      async close() {
        while (isBusy()) await nextTurn();
      },
    };
  }

  async close(): Promise<void> {
    for (const database of this.#open.values()) await database.close();
    for (const client of this.#keepers.values()) await client.end();
    this.#open.clear();
    this.#keepers.clear();
  }

  drop(...names: readonly string[]): Promise<void> {
    return withClient(this.#adminUrl, async (client) => {
      for (const name of names) await dropDatabase(client, name);
    });
  }
}

export const createDatabases = (adminUrl: string): Databases => new ServerDatabases(adminUrl);
