import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Client } from 'pg';
import {
  connectDatabase,
  openConnection,
  type Connection,
  type Database,
  type DatabaseSettings,
} from '../../src/infrastructure/postgres/database.ts';
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
  /** A connection of the owner's, kept open. One at a time may use it. */
  owner(name: string): Promise<Connection>;
  /** Closes what stayed open. */
  close(): Promise<void>;
  drop(...names: readonly string[]): Promise<void>;
};

/** Rows come and go below all triggers: those that guard the log would not let them. */
const UNGUARDED = '-c session_replication_role=replica';

/** Real time must decide nothing in a simulation, however busy the machine is; and no time limit is set that would only cost time. */
const PATIENCE = { connectTimeoutMs: 0, statementTimeoutMs: 0, keepOpen: true } as const;

async function openedOnce<Opened>(
  opened: Map<string, Opened>,
  name: string,
  open: () => Promise<Opened>,
): Promise<Opened> {
  const known = opened.get(name) ?? (await open());
  opened.set(name, known);
  return known;
}

class ServerDatabases implements Databases {
  readonly #adminUrl: string;
  readonly #open = new Map<string, Database>();
  readonly #keepers = new Map<string, Client>();
  readonly #owners = new Map<string, Connection>();

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

  #keeper(name: string): Promise<Client> {
    return openedOnce(this.#keepers, name, async () => {
      const client = new Client({ connectionString: this.urlOf(name), options: UNGUARDED });
      await client.connect();
      return client;
    });
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

  owner(name: string): Promise<Connection> {
    return openedOnce(this.#owners, name, () =>
      openConnection({ url: this.urlOf(name), applicationName: 'owner', ...PATIENCE }),
    );
  }

  async close(): Promise<void> {
    for (const owner of this.#owners.values()) await owner.close();
    for (const database of this.#open.values()) await database.close();
    for (const client of this.#keepers.values()) await client.end();
    this.#owners.clear();
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
