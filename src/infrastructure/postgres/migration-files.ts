import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** One owner of migrations, as a rule a module, and the folder of its `0001-name.sql` files. */
export type MigrationSource = { readonly name: string; readonly directory: URL };

export type Migration = {
  readonly source: string;
  /** 1, 2, 3 … without a gap within the source. */
  readonly number: number;
  /** The file name. */
  readonly name: string;
  /** The text with line ends as LF and without a byte order mark; what is hashed and run. */
  readonly sql: string;
  /** SHA-256 of `sql`, hexadecimal. */
  readonly sha256: string;
  /** First line `-- migrate: no-transaction`: statements run one by one and must bear being run again. */
  readonly inTransaction: boolean;
  /** First line `-- migrate: breaking`: programs that do not know this migration must not run on its schema. */
  readonly breaking: boolean;
};

/** Migrations that cannot be run or must not; the message says which file and why. Stops the start. */
export class MigrationFault extends Error {
  override readonly name = 'MigrationFault';
}

const FILE_NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/;
const DIRECTIVE = /^--\s*migrate:(.*)$/;
const KNOWN_DIRECTIVES = ['no-transaction', 'breaking'];

/** `booking/0003-ticket-move.sql`, the way a migration is named everywhere. */
export const titleOf = (migration: { readonly source: string; readonly name: string }): string =>
  `${migration.source}/${migration.name}`;

/** The words of the first line's directive, separated by commas. */
function directivesOf(title: string, sql: string): readonly string[] {
  const [firstLine = '', ...others] = sql.split('\n');
  const misplaced = others.findIndex((line) => DIRECTIVE.test(line));
  if (misplaced !== -1)
    throw new MigrationFault(`${title}: line ${misplaced + 2}: a directive belongs on the first line`);
  const match = DIRECTIVE.exec(firstLine);
  if (match === null) return [];
  const words = (match[1] ?? '').split(',').map((word) => word.trim());
  const unknown = words.find((word) => !KNOWN_DIRECTIVES.includes(word));
  if (unknown !== undefined) throw new MigrationFault(`${title}: unknown directive "${unknown}"`);
  return words;
}

/** Makes a migration of a file's bytes. Throws `MigrationFault` on a wrong name, directive or encoding. */
export function parseMigration(source: string, name: string, content: Uint8Array): Migration {
  const title = titleOf({ source, name });
  const match = FILE_NAME.exec(name);
  if (match === null) throw new MigrationFault(`${title}: a migration is named 0001-some-words.sql`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    throw new MigrationFault(`${title}: not UTF-8`, { cause: error });
  }
  const sql = text.replaceAll('\r\n', '\n');
  const directives = directivesOf(title, sql);
  return {
    source,
    number: Number(match[1]),
    name,
    sql,
    sha256: createHash('sha256').update(sql).digest('hex'),
    inTransaction: !directives.includes('no-transaction'),
    breaking: directives.includes('breaking'),
  };
}

async function readSource({ name: source, directory }: MigrationSource): Promise<readonly Migration[]> {
  const folder = directory.href.endsWith('/') ? directory : new URL(`${directory.href}/`);
  const names = (await readdir(folder)).filter((name) => name.toLowerCase().endsWith('.sql')).toSorted();
  const migrations = await Promise.all(
    names.map(async (name) => parseMigration(source, name, await readFile(new URL(name, folder)))),
  );
  migrations.forEach((migration, index) => {
    if (migration.number === index + 1) return;
    const previous = migrations[index - 1];
    const fault =
      migration.number === previous?.number ? `has the number of ${previous.name}` : `leaves a gap before it`;
    throw new MigrationFault(`${titleOf(migration)}: ${fault}; ${index + 1} is next`);
  });
  return migrations;
}

/** All migrations in the order they run: sources as given, numbers rising. Throws `MigrationFault` on gaps and doubles. */
export async function readMigrations(sources: readonly MigrationSource[]): Promise<readonly Migration[]> {
  const twice = sources.find(({ name }, index) => sources.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw new MigrationFault(`two migration sources are called ${twice.name}`);
  return (await Promise.all(sources.map(readSource))).flat();
}
